package dev.mme5.engine.nn.attention;

import dev.mme5.engine.kernel.api.Matrix;

/**
 * Cosines and sines by position (reference sections 6.2 and 6.3). Frequencies and angles are float32, as the reference's are;
 * cosines and sines are {@link StrictMath}'s, so that they have the same bits everywhere.
 */
public final class RotaryEmbedding {
    private final float[] frequencies;
    private volatile Tables tables = new Tables(0, Matrix.zeros(0, 0), Matrix.zeros(0, 0));

    /** cos and sin [positions, headSize / 2]. */
    private record Tables(int positions, Matrix cos, Matrix sin) {}

    public RotaryEmbedding(RopeConfig config, int headSize) {
        this.frequencies = frequencies(config, headSize);
    }

    /** [positions, headSize / 2], for positions 0, 1, 2, ... */
    Matrix cos(int positions) {
        return tables(positions).cos().rows(0, positions);
    }

    /** [positions, headSize / 2], for positions 0, 1, 2, ... */
    Matrix sin(int positions) {
        return tables(positions).sin().rows(0, positions);
    }

    /** Computed once for the longest sequence so far; two threads may both compute, with the same result. */
    private Tables tables(int positions) {
        Tables known = tables;
        if (known.positions() >= positions) return known;
        int length = Math.max(positions, Math.min(2 * known.positions(), 4096));
        Matrix cos = Matrix.zeros(length, frequencies.length);
        Matrix sin = Matrix.zeros(length, frequencies.length);
        for (int position = 0; position < length; position++) {
            for (int j = 0; j < frequencies.length; j++) {
                float angle = position * frequencies[j];
                cos.set(position, j, (float) StrictMath.cos(angle));
                sin.set(position, j, (float) StrictMath.sin(angle));
            }
        }
        Tables grown = new Tables(length, cos, sin);
        tables = grown;
        return grown;
    }

    /** Radians per position, [headSize / 2]. */
    static float[] frequencies(RopeConfig config, int headSize) {
        float[] frequencies = new float[headSize / 2];
        for (int j = 0; j < frequencies.length; j++) {
            float exponent = (float) (2 * j) / headSize;
            float plain = 1 / (float) StrictMath.pow((float) config.theta(), exponent);
            frequencies[j] = config.scaling().map(s -> scaled(plain, s)).orElse(plain);
        }
        return frequencies;
    }

    private static float scaled(float f, RopeConfig.Llama3Scaling s) {
        float wavelength = (float) (2 * Math.PI / f);
        double original = s.originalPositions();
        if (wavelength < original / s.highFrequencyFactor()) return f;
        if (wavelength > original / s.lowFrequencyFactor()) return f / (float) s.factor();
        double range = s.highFrequencyFactor() - s.lowFrequencyFactor();
        float smooth = (float) ((original / wavelength - s.lowFrequencyFactor()) / range);
        return (1 - smooth) * f / (float) s.factor() + smooth * f;
    }
}
