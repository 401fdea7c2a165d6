package dev.mme5.engine;

import java.util.Arrays;
import java.util.Objects;

/**
 * A vector that stands for an input, and how many tokens were read. Nearly all models give vectors of unit length; a text encoder whose
 * folder has no Normalize module does not ({@link #unit}).
 */
public final class Embedding {
    /** The least length that is divided by, as in torch.nn.functional.normalize. */
    private static final double MIN_LENGTH = 1e-12;

    /** How far the squares of a unit vector may be from 1: much more than the rounding of floats, and much less than matters. */
    private static final double UNIT_TOLERANCE = 1e-5;

    private final float[] values;
    private final int tokens;
    private final int sharedTokens;
    private final boolean truncated;

    Embedding(float[] values, int tokens, int sharedTokens, boolean truncated) {
        this.values = values;
        this.tokens = tokens;
        this.sharedTokens = sharedTokens;
        this.truncated = truncated;
    }

    /**
     * A vector that was computed and stored before, of an unknown number of tokens.
     *
     * @param values [dimensions], at least one; kept as they are, of any length
     * @throws IllegalArgumentException when there are none, or one is not finite
     */
    public static Embedding of(float[] values) {
        return of(values, 0, false);
    }

    /**
     * A vector that was computed and stored before.
     *
     * @param values [dimensions], at least one; kept as they are, of any length
     * @param tokens effective tokens, 0 when unknown
     * @throws IllegalArgumentException when there are no values, one is not finite, or tokens is negative
     */
    public static Embedding of(float[] values, int tokens, boolean truncated) {
        Objects.requireNonNull(values, "values");
        if (values.length == 0) throw new IllegalArgumentException("values is empty");
        if (tokens < 0) throw new IllegalArgumentException("tokens is " + tokens);
        float[] own = values.clone();
        for (int i = 0; i < own.length; i++) {
            if (!Float.isFinite(own[i])) {
                throw new IllegalArgumentException("values[" + i + "] is " + own[i] + ", expected a finite number");
            }
        }
        return new Embedding(own, tokens, 0, truncated);
    }

    /** A copy of the numbers, [dimensions]. */
    public float[] values() {
        return values.clone();
    }

    /** How many numbers the vector has. */
    public int dimensions() {
        return values.length;
    }

    /** Effective tokens: how many token ids the model read, special tokens included; 0 when unknown. */
    public int tokens() {
        return tokens;
    }

    /**
     * How many of the {@link #tokens} were not computed for this input, because another one begins with them too: one of the same call or
     * pass, or an earlier one. All of them, if an earlier input of the same call is the same text; with a text encoder there is no other
     * case. It depends on what the model did before, the values do not.
     */
    public int sharedTokens() {
        return sharedTokens;
    }

    /** Whether tokens were cut off at the end. */
    public boolean truncated() {
        return truncated;
    }

    /**
     * The first {@code dimensions} numbers, scaled to unit length; with all of them, the same as {@link #unit}. As there, zeros stay
     * zeros, and what is shorter than 1e-12 stays shorter than 1. Only models that were trained for it (Matryoshka) keep their meaning
     * in the first numbers; mmE5 was not.
     *
     * @throws IllegalArgumentException when there are fewer
     */
    public Embedding cut(int dimensions) {
        if (dimensions < 1 || dimensions > values.length) {
            throw new IllegalArgumentException("dimensions is " + dimensions + ", expected 1 to " + values.length);
        }
        if (dimensions == values.length) return unit();
        float[] first = Arrays.copyOf(values, dimensions);
        float length = (float) length(first); // in float32, as torch does it
        if (Float.isInfinite(length)) return new Embedding(first, tokens, sharedTokens, truncated).unit();
        for (int i = 0; i < first.length; i++) first[i] /= length;
        return new Embedding(first, tokens, sharedTokens, truncated);
    }

    /**
     * This vector, scaled to unit length; itself, to the bit, if it has that already. A vector of zeros stays as it is, and one
     * shorter than 1e-12 stays shorter than 1.
     */
    public Embedding unit() {
        if (Math.abs(squares(values) - 1) <= UNIT_TOLERANCE) return this;
        double length = length(values); // beyond the floats for very long vectors
        float[] scaled = values.clone();
        for (int i = 0; i < scaled.length; i++) scaled[i] = (float) (scaled[i] / length);
        return new Embedding(scaled, tokens, sharedTokens, truncated);
    }

    /** What to divide by for unit length. */
    private static double length(float[] values) {
        return Math.max(Math.sqrt(squares(values)), MIN_LENGTH);
    }

    private static double squares(float[] values) {
        double squares = 0;
        for (float value : values) squares += (double) value * value;
        return squares;
    }

    /**
     * The cosine of the angle between two vectors of any length, from -1 to 1, computed in double; 0 when one is all zeros.
     *
     * @throws IllegalArgumentException when the dimensions differ
     */
    public float cosine(Embedding other) {
        Objects.requireNonNull(other, "other");
        if (other.values.length != values.length) {
            throw new IllegalArgumentException("dimensions differ: " + values.length + " and " + other.values.length);
        }
        double product = 0;
        double squares = 0;
        double otherSquares = 0;
        for (int i = 0; i < values.length; i++) {
            product += (double) values[i] * other.values[i];
            squares += (double) values[i] * values[i];
            otherSquares += (double) other.values[i] * other.values[i];
        }
        double lengths = Math.sqrt(squares) * Math.sqrt(otherSquares);
        return lengths == 0 ? 0 : (float) Math.clamp(product / lengths, -1.0, 1.0);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Embedding that && Arrays.equals(values, that.values) && tokens == that.tokens
                && truncated == that.truncated;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "Embedding[" + values.length + " dimensions, " + tokens + " tokens" + (truncated ? ", truncated]" : "]");
    }
}
