package dev.mme5.engine;

import java.util.Arrays;
import java.util.Objects;

/** An embedding as bytes: a quarter or a thirty-second of its size. */
public final class QuantizedEmbedding {
    private final Precision precision;
    private final byte[] bytes;
    private final int dimensions; // not told by the bytes of signs
    private final int tokens;
    private final boolean truncated;

    private QuantizedEmbedding(Precision precision, byte[] bytes, Embedding of) {
        this.precision = precision;
        this.bytes = bytes;
        this.dimensions = of.dimensions();
        this.tokens = of.tokens();
        this.truncated = of.truncated();
    }

    /** @throws IllegalArgumentException when the ranges are of other dimensions */
    public static QuantizedEmbedding int8(Embedding embedding, Int8Ranges ranges) {
        Objects.requireNonNull(embedding, "embedding");
        Objects.requireNonNull(ranges, "ranges");
        return new QuantizedEmbedding(Precision.INT8, ranges.quantize(embedding.values()), embedding);
    }

    /** Signs of eight numbers in a signed byte. */
    public static QuantizedEmbedding binary(Embedding embedding) {
        Objects.requireNonNull(embedding, "embedding");
        byte[] bits = signs(embedding.values());
        for (int i = 0; i < bits.length; i++) bits[i] = (byte) (bits[i] - 128);
        return new QuantizedEmbedding(Precision.BINARY, bits, embedding);
    }

    /** Signs of eight numbers in an unsigned byte. */
    public static QuantizedEmbedding ubinary(Embedding embedding) {
        Objects.requireNonNull(embedding, "embedding");
        return new QuantizedEmbedding(Precision.UBINARY, signs(embedding.values()), embedding);
    }

    /** As numpy.packbits(values > 0): the first number is the highest bit, missing bits at the end are 0. */
    private static byte[] signs(float[] values) {
        byte[] bits = new byte[Precision.UBINARY.numbers(values.length)];
        for (int i = 0; i < values.length; i++) {
            if (values[i] > 0) bits[i / Byte.SIZE] |= (byte) (0x80 >> i % Byte.SIZE);
        }
        return bits;
    }

    /** How the embedding is stored; never {@link Precision#FLOAT32}. */
    public Precision precision() {
        return precision;
    }

    /** A copy of the stored bytes; those of {@link Precision#UBINARY} are unsigned. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The stored numbers: -128 to 127, or 0 to 255 for {@link Precision#UBINARY}. */
    public int[] values() {
        int[] values = new int[bytes.length];
        for (int i = 0; i < bytes.length; i++) values[i] = precision == Precision.UBINARY ? Byte.toUnsignedInt(bytes[i]) : bytes[i];
        return values;
    }

    /** Effective tokens: how many token ids the model read, special tokens included. */
    public int tokens() {
        return tokens;
    }

    /** Whether tokens were cut off at the end. */
    public boolean truncated() {
        return truncated;
    }

    /**
     * Number of dimensions whose signs differ: of two binary embeddings, or of two ubinary ones.
     *
     * @throws IllegalArgumentException when they are of two kinds, of another kind, or of different dimensions
     */
    public int hammingDistance(QuantizedEmbedding other) {
        Objects.requireNonNull(other, "other");
        if (precision == Precision.INT8 || precision != other.precision) {
            throw new IllegalArgumentException("not two binary embeddings of the same kind: " + this + " and " + other);
        }
        if (dimensions != other.dimensions) {
            throw new IllegalArgumentException("dimensions differ: " + dimensions + " and " + other.dimensions);
        }
        int distance = 0;
        for (int i = 0; i < bytes.length; i++) distance += Integer.bitCount((bytes[i] ^ other.bytes[i]) & 0xFF);
        return distance;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof QuantizedEmbedding that && precision == that.precision && Arrays.equals(bytes, that.bytes)
                && dimensions == that.dimensions && tokens == that.tokens && truncated == that.truncated;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "QuantizedEmbedding[" + precision + ", " + bytes.length + " bytes]";
    }
}
