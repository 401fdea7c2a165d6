package dev.mme5.engine.kernel.rows;

import dev.mme5.engine.kernel.api.CanonicalOrder;
import dev.mme5.engine.kernel.simd.Species;
import jdk.incubator.vector.FloatVector;

/**
 * Sums over one row in canonical order: 16 partial sums, element i to partial i mod 16, which are then added as a tree. A vector of 16
 * lanes holds all partial sums; narrower vectors hold some of them at a time.
 */
public final class RowSums {

    private RowSums() {}

    /** Σ x. */
    public static float sum(float[] x, int offset, int length, float[] partials) {
        int body = length - length % CanonicalOrder.ROW_PARTIALS;
        for (int lane = 0; lane < CanonicalOrder.ROW_PARTIALS; lane += Species.COUNT) {
            FloatVector sum = FloatVector.zero(Species.FLOAT);
            for (int i = 0; i < body; i += CanonicalOrder.ROW_PARTIALS)
                sum = sum.add(FloatVector.fromArray(Species.FLOAT, x, offset + lane + i));
            sum.intoArray(partials, lane);
        }
        for (int i = body; i < length; i++) partials[i - body] += x[offset + i];
        return addPartials(partials);
    }

    /** Σ (x - mean)², each square added by one fma. */
    public static float sumOfSquares(float[] x, int offset, int length, float mean, float[] partials) {
        int body = length - length % CanonicalOrder.ROW_PARTIALS;
        for (int lane = 0; lane < CanonicalOrder.ROW_PARTIALS; lane += Species.COUNT) {
            FloatVector sum = FloatVector.zero(Species.FLOAT);
            for (int i = 0; i < body; i += CanonicalOrder.ROW_PARTIALS) {
                FloatVector distance = FloatVector.fromArray(Species.FLOAT, x, offset + lane + i).sub(mean);
                sum = distance.fma(distance, sum);
            }
            sum.intoArray(partials, lane);
        }
        for (int i = body; i < length; i++) {
            float distance = x[offset + i] - mean;
            partials[i - body] = Math.fma(distance, distance, partials[i - body]);
        }
        return addPartials(partials);
    }

    /** Adds the partial sums as a tree: (p, p + 8), (p, p + 4), (p, p + 2), (p, p + 1). Overwrites them. */
    public static float addPartials(float[] partials) {
        for (int half = CanonicalOrder.ROW_PARTIALS / 2; half > 0; half /= 2) {
            for (int p = 0; p < half; p++) partials[p] += partials[p + half];
        }
        return partials[0];
    }
}
