package dev.mme5.engine.kernel.baseline;

import dev.mme5.engine.kernel.api.AttentionMask;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.attention.AttentionTask;
import java.util.Arrays;

/** {@link AttentionTask} for one query of one head at a time: the same blocks of keys, the same chains, the same bits. */
final class BaselineAttention {
    private final Matrix k;
    private final Matrix v;
    private final int size;
    private final AttentionMask mask;
    private final float scale;
    private final float[] query;
    private final float[] weights = new float[AttentionTask.BLOCK];
    private final float[] sums;

    BaselineAttention(Matrix k, Matrix v, int size, AttentionMask mask) {
        this.k = k;
        this.v = v;
        this.size = size;
        this.mask = mask;
        scale = (float) (1 / Math.sqrt(size));
        query = new float[size];
        sums = new float[size];
    }

    /**
     * @param row of the query, for the mask
     * @param q at qAt, its floats of this head
     * @param keyCol first column of its keys and values
     * @param out at outAt, where the result goes; may be q
     */
    void attend(int row, float[] q, int qAt, int keyCol, float[] out, int outAt) {
        for (int d = 0; d < size; d++) query[d] = q[qAt + d] * scale;
        Arrays.fill(sums, 0);
        float max = -Float.MAX_VALUE;
        float total = 0;
        int end = mask.to(row);
        for (int from = mask.from(row), to; from < end; from = to) {
            to = Math.min(end, (from / AttentionTask.BLOCK + 1) * AttentionTask.BLOCK);
            float newMax = scores(from, to, keyCol, max);
            float factor = BaselineMath.expOfNegative(max - newMax);
            max = newMax;
            total *= factor;
            for (int d = 0; d < size; d++) sums[d] *= factor;
            for (int key = from; key < to; key++) {
                float weight = BaselineMath.expOfNegative(weights[key - from] - max) * mask.multiplicity(key);
                total += weight;
                addValue(weight, v.data(), v.offset() + key * v.cols() + keyCol);
            }
        }
        for (int d = 0; d < size; d++) out[outAt + d] = sums[d] / total;
    }

    /** Puts the scores of the keys into {@link #weights}, and returns the largest of them and {@code max}. */
    private float scores(int from, int to, int keyCol, float max) {
        float largest = max;
        for (int key = from; key < to; key++) {
            float score = score(k.data(), k.offset() + key * k.cols() + keyCol);
            weights[key - from] = score;
            if (score > largest) largest = score;
        }
        return largest;
    }

    private float score(float[] keys, int at) {
        float score = 0;
        for (int d = 0; d < size; d++) score = Math.fma(keys[at + d], query[d], score);
        return score;
    }

    private void addValue(float weight, float[] values, int at) {
        for (int d = 0; d < size; d++) sums[d] = Math.fma(values[at + d], weight, sums[d]);
    }
}
