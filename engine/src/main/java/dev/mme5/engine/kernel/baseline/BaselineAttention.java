package dev.mme5.engine.kernel.baseline;

import dev.mme5.engine.kernel.api.AttentionMask;
import dev.mme5.engine.kernel.api.CanonicalOrder;
import dev.mme5.engine.kernel.api.Matrix;
import java.util.Arrays;

/** Attention of one query of one head at a time, in canonical order: the bits of the vector kernels. */
final class BaselineAttention {
    private final Matrix k;
    private final Matrix v;
    private final int size;
    private final AttentionMask mask;
    private final float scale;
    private final float[] query;
    private final float[] weights = new float[CanonicalOrder.KEY_BLOCK];
    private final float[] accumulators;

    BaselineAttention(Matrix k, Matrix v, int size, AttentionMask mask) {
        this.k = k;
        this.v = v;
        this.size = size;
        this.mask = mask;
        scale = (float) (1 / Math.sqrt(size));
        query = new float[size];
        accumulators = new float[size];
    }

    /**
     * @param row row of the query, for the mask
     * @param q holds this head of the query at qOffset
     * @param keyCol first column of its keys and values
     * @param out receives the result at outOffset; may be q
     */
    void attend(int row, float[] q, int qOffset, int keyCol, float[] out, int outOffset) {
        for (int d = 0; d < size; d++) query[d] = q[qOffset + d] * scale;
        Arrays.fill(accumulators, 0);
        float max = -Float.MAX_VALUE;
        float total = 0;
        int end = mask.to(row);
        for (int from = mask.from(row), to; from < end; from = to) {
            to = Math.min(end, (from / CanonicalOrder.KEY_BLOCK + 1) * CanonicalOrder.KEY_BLOCK);
            float newMax = scores(from, to, keyCol, max);
            float factor = BaselineMath.expOfNegative(max - newMax);
            max = newMax;
            total *= factor;
            for (int d = 0; d < size; d++) accumulators[d] *= factor;
            for (int key = from; key < to; key++) {
                float weight = BaselineMath.expOfNegative(weights[key - from] - max) * mask.multiplicity(key);
                total += weight;
                addValue(weight, v.data(), v.offset() + key * v.cols() + keyCol);
            }
        }
        for (int d = 0; d < size; d++) out[outOffset + d] = accumulators[d] / total;
    }

    /** Stores the scores of the keys in {@link #weights}; returns the maximum of {@code max} and all of them. */
    private float scores(int from, int to, int keyCol, float max) {
        float newMax = max;
        for (int key = from; key < to; key++) {
            float score = score(k.data(), k.offset() + key * k.cols() + keyCol);
            weights[key - from] = score;
            if (score > newMax) newMax = score;
        }
        return newMax;
    }

    private float score(float[] keys, int offset) {
        float score = 0;
        for (int d = 0; d < size; d++) score = Math.fma(keys[offset + d], query[d], score);
        return score;
    }

    private void addValue(float weight, float[] values, int offset) {
        for (int d = 0; d < size; d++) accumulators[d] = Math.fma(values[offset + d], weight, accumulators[d]);
    }
}
