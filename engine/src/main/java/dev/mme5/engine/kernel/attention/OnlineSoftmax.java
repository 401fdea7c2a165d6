package dev.mme5.engine.kernel.attention;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;

import dev.mme5.engine.kernel.microkernel.TwoVectorMicroKernel;
import dev.mme5.engine.kernel.rows.VectorMath;
import dev.mme5.engine.kernel.simd.Species;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The running softmax of some panels of lanes, each lane a query: the largest score so far, and relative to it the sum of the
 * exps and of the exps times the values. A key that a lane does not see leaves it as it was, to the bit.
 */
final class OnlineSoftmax {
    private static final int DEPTH = TwoVectorMicroKernel.DEPTH;
    private static final int PANEL = TwoVectorMicroKernel.PANEL;

    private final int size;
    private final float[] maxima; // [panels, PANEL]
    private final float[] totals; // [panels, PANEL]
    private final float[] sums; // [panels, size, PANEL]
    private final float[] starts; // [panels, PANEL]: the keys that a lane sees, as floats to compare with
    private final float[] ends;

    OnlineSoftmax(int panels, int size) {
        this.size = size;
        maxima = new float[panels * PANEL];
        totals = new float[panels * PANEL];
        sums = new float[panels * size * PANEL];
        starts = new float[panels * PANEL];
        ends = new float[panels * PANEL];
    }

    /** Begins anew. The first maximum is finite, so that the difference of two is always a number. */
    void clear() {
        Arrays.fill(maxima, -Float.MAX_VALUE);
        Arrays.fill(totals, 0f);
        Arrays.fill(sums, 0f);
    }

    /** The lane sees the keys from start (inclusive) to end (exclusive). */
    void see(int lane, int start, int end) {
        starts[lane] = start;
        ends[lane] = end;
    }

    /** Puts what the softmax of a lane comes to into out[at .. at + size). */
    void result(int lane, float[] out, int at) {
        int from = lane / PANEL * size * PANEL + lane % PANEL;
        for (int d = 0; d < size; d++) out[at + d] = sums[from + d * PANEL] / totals[lane];
    }

    /**
     * Adds keys from to to, of the block that begins at key {@code block}, for one panel.
     *
     * @param scores [BLOCK, PANEL] by key of the block; overwritten
     * @param multiplicities by key of the block
     * @param valueRows [size, DEPTH], the values by key of the block
     */
    void add(int panel, int block, int from, int to, float[] scores, float[] multiplicities, float[] valueRows) {
        float latestStart = starts[panel * PANEL];
        float earliestEnd = ends[panel * PANEL];
        for (int i = 1; i < PANEL; i++) {
            latestStart = Math.max(latestStart, starts[panel * PANEL + i]);
            earliestEnd = Math.min(earliestEnd, ends[panel * PANEL + i]);
        }
        int allFrom = Math.clamp((int) latestStart, from, to); // keys that every lane sees
        int allTo = Math.clamp((int) earliestEnd, allFrom, to);

        for (int lane = panel * PANEL; lane < (panel + 1) * PANEL; lane += Species.COUNT) {
            int at = lane % PANEL;
            hide(lane, block, from, allFrom, scores, at);
            hide(lane, block, allTo, to, scores, at);
            rescale(lane, panel * size * PANEL + lane % PANEL, from - block, to - block, scores, at);
            exps(lane, from - block, to - block, scores, at, multiplicities);
        }
        int sum = panel * size * PANEL;
        int first = allFrom - block;
        addSeen(panel, block, from, allFrom, scores, valueRows);
        TwoVectorMicroKernel.multiply(
                valueRows, first, size, scores, first * PANEL, allTo - allFrom, sums, sum, PANEL, sums, sum, PANEL);
        addSeen(panel, block, allTo, to, scores, valueRows);
    }

    /** Makes the scores of keys that a lane does not see so small that they are no maximum and their exp is 0. */
    private void hide(int lane, int block, int from, int to, float[] scores, int at) {
        FloatVector start = FloatVector.fromArray(Species.FLOAT, starts, lane);
        FloatVector end = FloatVector.fromArray(Species.FLOAT, ends, lane);
        for (int key = from; key < to; key++) {
            FloatVector score = FloatVector.fromArray(Species.FLOAT, scores, at + (key - block) * PANEL);
            VectorMask<Float> hidden = start.compare(GT, (float) key).or(end.compare(LE, (float) key));
            score.blend(Float.NEGATIVE_INFINITY, hidden).intoArray(scores, at + (key - block) * PANEL);
        }
    }

    /** Takes the new maximum of one vector of lanes, and brings what they have so far to it. */
    private void rescale(int lane, int sum, int from, int to, float[] scores, int at) {
        FloatVector before = FloatVector.fromArray(Species.FLOAT, maxima, lane);
        FloatVector max = before;
        for (int key = from; key < to; key++) {
            FloatVector score = FloatVector.fromArray(Species.FLOAT, scores, at + key * PANEL);
            max = max.blend(score, score.compare(GT, max));
        }
        max.intoArray(maxima, lane);
        FloatVector factor = VectorMath.expOfNegative(before.sub(max));
        FloatVector.fromArray(Species.FLOAT, totals, lane).mul(factor).intoArray(totals, lane);
        for (int d = 0; d < size; d++) {
            FloatVector.fromArray(Species.FLOAT, sums, sum + d * PANEL).mul(factor).intoArray(sums, sum + d * PANEL);
        }
    }

    /** Scores to exps, which are also summed. */
    private void exps(int lane, int from, int to, float[] scores, int at, float[] multiplicities) {
        FloatVector max = FloatVector.fromArray(Species.FLOAT, maxima, lane);
        FloatVector total = FloatVector.fromArray(Species.FLOAT, totals, lane);
        for (int key = from; key < to; key++) {
            FloatVector score = FloatVector.fromArray(Species.FLOAT, scores, at + key * PANEL);
            FloatVector weight = VectorMath.expOfNegative(score.sub(max)).mul(multiplicities[key]);
            total = total.add(weight);
            weight.intoArray(scores, at + key * PANEL);
        }
        total.intoArray(totals, lane);
    }

    /** Values of keys that only some lanes see: the others are left as they are, whatever the value. */
    private void addSeen(int panel, int block, int from, int to, float[] weights, float[] valueRows) {
        if (from >= to) return;
        for (int lane = 0; lane < PANEL; lane += Species.COUNT) {
            FloatVector start = FloatVector.fromArray(Species.FLOAT, starts, panel * PANEL + lane);
            FloatVector end = FloatVector.fromArray(Species.FLOAT, ends, panel * PANEL + lane);
            for (int d = 0; d < size; d++) {
                int at = (panel * size + d) * PANEL + lane;
                FloatVector sum = FloatVector.fromArray(Species.FLOAT, sums, at);
                for (int key = from; key < to; key++) {
                    FloatVector weight = FloatVector.fromArray(Species.FLOAT, weights, (key - block) * PANEL + lane);
                    FloatVector value = FloatVector.broadcast(Species.FLOAT, valueRows[d * DEPTH + key - block]);
                    VectorMask<Float> seen = start.compare(LE, (float) key).and(end.compare(GT, (float) key));
                    sum = sum.blend(weight.fma(value, sum), seen);
                }
                sum.intoArray(sums, at);
            }
        }
    }
}
