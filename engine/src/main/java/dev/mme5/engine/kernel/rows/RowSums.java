package dev.mme5.engine.kernel.rows;

import dev.mme5.engine.kernel.simd.Species;
import jdk.incubator.vector.FloatVector;

/**
 * Sums over one row in the one order that every sum over a row has: 16 partial sums, element i to partial i mod 16, each in
 * order, then p + (p + 8), p + (p + 4), p + (p + 2), p + (p + 1). A vector of 16 lanes holds all partials, narrower ones a
 * part of them at a time.
 */
public final class RowSums {
    public static final int PARTIALS = 16;

    private RowSums() {}

    /** Σ x. */
    public static float sum(float[] x, int from, int length, float[] partials) {
        int body = length - length % PARTIALS;
        for (int lane = 0; lane < PARTIALS; lane += Species.COUNT) {
            FloatVector sum = FloatVector.zero(Species.FLOAT);
            for (int i = 0; i < body; i += PARTIALS) sum = sum.add(FloatVector.fromArray(Species.FLOAT, x, from + lane + i));
            sum.intoArray(partials, lane);
        }
        for (int i = body; i < length; i++) partials[i - body] += x[from + i];
        return total(partials);
    }

    /** Σ (x - mean)², every square one fma. */
    public static float sumOfSquares(float[] x, int from, int length, float mean, float[] partials) {
        int body = length - length % PARTIALS;
        for (int lane = 0; lane < PARTIALS; lane += Species.COUNT) {
            FloatVector sum = FloatVector.zero(Species.FLOAT);
            for (int i = 0; i < body; i += PARTIALS) {
                FloatVector distance = FloatVector.fromArray(Species.FLOAT, x, from + lane + i).sub(mean);
                sum = distance.fma(distance, sum);
            }
            sum.intoArray(partials, lane);
        }
        for (int i = body; i < length; i++) {
            float distance = x[from + i] - mean;
            partials[i - body] = Math.fma(distance, distance, partials[i - body]);
        }
        return total(partials);
    }

    public static float total(float[] partials) {
        for (int half = PARTIALS / 2; half > 0; half /= 2) {
            for (int p = 0; p < half; p++) partials[p] += partials[p + half];
        }
        return partials[0];
    }
}
