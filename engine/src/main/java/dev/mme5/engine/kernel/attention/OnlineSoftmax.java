package dev.mme5.engine.kernel.attention;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;

import dev.mme5.engine.kernel.microkernel.TwoVectorMicroKernel;
import dev.mme5.engine.kernel.rows.VectorMath;
import dev.mme5.engine.kernel.simd.BlockTranspose;
import dev.mme5.engine.kernel.simd.Species;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The online softmax of some panels of lanes, each lane a query: the running maximum of the scores and, relative to it, the sum of the
 * exps (the denominator) and of the exps times the values (the numerators). A masked key leaves a lane unchanged, to the bit.
 */
final class OnlineSoftmax {
    private static final int DEPTH = TwoVectorMicroKernel.DEPTH;
    private static final int PANEL = TwoVectorMicroKernel.PANEL;

    private final int size;
    private final float[] maxima; // [panels, PANEL]
    private final float[] raised = new float[PANEL]; // new maxima of one panel
    private final float[] totals; // [panels, PANEL]
    private final float[] accumulators; // [panels, size, PANEL]
    private final float[] starts; // [panels, PANEL]: first key that a lane attends to, as a float for comparisons
    private final float[] ends; // [panels, PANEL]: one past the last

    OnlineSoftmax(int panels, int size) {
        this.size = size;
        maxima = new float[panels * PANEL];
        totals = new float[panels * PANEL];
        accumulators = new float[panels * size * PANEL];
        starts = new float[panels * PANEL];
        ends = new float[panels * PANEL];
    }

    /** Resets the lanes of some panels. The initial maximum is finite, so that the difference of two maxima is never NaN. */
    void clear(int panels) {
        Arrays.fill(maxima, 0, panels * PANEL, -Float.MAX_VALUE);
        Arrays.fill(totals, 0, panels * PANEL, 0f);
        Arrays.fill(accumulators, 0, panels * size * PANEL, 0f);
    }

    /** Sets the keys that a lane attends to, from start (inclusive) to end (exclusive). */
    void setVisible(int lane, int start, int end) {
        starts[lane] = start;
        ends[lane] = end;
    }

    /** Divides all numerators by their denominators: the results. */
    void divide(int panels) {
        for (int lane = 0; lane < panels * PANEL; lane += Species.COUNT) {
            FloatVector total = FloatVector.fromArray(Species.FLOAT, totals, lane);
            int offset = lane / PANEL * size * PANEL + lane % PANEL;
            for (int d = 0; d < size; d++) {
                FloatVector.fromArray(Species.FLOAT, accumulators, offset + d * PANEL).div(total).intoArray(accumulators,
                        offset + d * PANEL);
            }
        }
    }

    /** Writes the result of a lane to out[offset .. offset + size). */
    void write(int lane, float[] out, int offset) {
        int source = lane / PANEL * size * PANEL + lane % PANEL;
        for (int d = 0; d < size; d++) out[offset + d] = accumulators[source + d * PANEL];
    }

    /** Writes the results of a vector of lanes to rows of out that are {@code stride} apart; size is a multiple of a vector. */
    void writeBlock(int lane, float[] out, int offset, int stride, int[] transposeBuffer) {
        int source = lane / PANEL * size * PANEL + lane % PANEL;
        for (int d = 0; d < size; d += BlockTranspose.BLOCK_SIDE) {
            BlockTranspose.transpose(accumulators, source + d * PANEL, PANEL, transposeBuffer);
            BlockTranspose.copy(transposeBuffer, out, offset + d, stride);
        }
    }

    /**
     * Adds keys from..to of the block that starts at key {@code block}, for one panel.
     *
     * @param scores [BLOCK, PANEL] by key of the block; overwritten
     * @param multiplicities by key of the block
     * @param valueRows [size, DEPTH], values by key of the block
     */
    void add(int panel, int block, int from, int to, float[] scores, float[] multiplicities, float[] valueRows) {
        float latestStart = starts[panel * PANEL];
        float earliestEnd = ends[panel * PANEL];
        for (int i = 1; i < PANEL; i++) {
            latestStart = Math.max(latestStart, starts[panel * PANEL + i]);
            earliestEnd = Math.min(earliestEnd, ends[panel * PANEL + i]);
        }
        int allFrom = Math.clamp((int) latestStart, from, to); // keys that every lane attends to
        int allTo = Math.clamp((int) earliestEnd, allFrom, to);

        for (int lane = panel * PANEL; lane < (panel + 1) * PANEL; lane += Species.COUNT) {
            int offset = lane % PANEL;
            maskScores(lane, block, from, allFrom, scores, offset);
            maskScores(lane, block, allTo, to, scores, offset);
        }
        raiseMaxima(panel, from - block, to - block, scores);
        for (int lane = panel * PANEL; lane < (panel + 1) * PANEL; lane += Species.COUNT) {
            exps(lane, from - block, to - block, scores, lane % PANEL, multiplicities);
        }
        int sum = panel * size * PANEL;
        int first = allFrom - block;
        addVisible(panel, block, from, allFrom, scores, valueRows);
        TwoVectorMicroKernel.multiply(
                valueRows, first, size, scores, first * PANEL, allTo - allFrom, accumulators, sum, PANEL, accumulators, sum, PANEL);
        addVisible(panel, block, allTo, to, scores, valueRows);
    }

    /** Sets masked scores to -∞. */
    private void maskScores(int lane, int block, int from, int to, float[] scores, int offset) {
        FloatVector start = FloatVector.fromArray(Species.FLOAT, starts, lane);
        FloatVector end = FloatVector.fromArray(Species.FLOAT, ends, lane);
        for (int key = from; key < to; key++) {
            FloatVector score = FloatVector.fromArray(Species.FLOAT, scores, offset + (key - block) * PANEL);
            VectorMask<Float> masked = start.compare(GT, (float) key).or(end.compare(LE, (float) key));
            score.blend(Float.NEGATIVE_INFINITY, masked).intoArray(scores, offset + (key - block) * PANEL);
        }
    }

    /** Updates the maxima of a panel and rescales its accumulators. Two vectors at a time, because each waits for its last comparison. */
    private void raiseMaxima(int panel, int from, int to, float[] scores) {
        int lane = panel * PANEL;
        FloatVector left = FloatVector.fromArray(Species.FLOAT, maxima, lane);
        FloatVector right = FloatVector.fromArray(Species.FLOAT, maxima, lane + Species.COUNT);
        for (int key = from; key < to; key++) {
            FloatVector leftScore = FloatVector.fromArray(Species.FLOAT, scores, key * PANEL);
            FloatVector rightScore = FloatVector.fromArray(Species.FLOAT, scores, key * PANEL + Species.COUNT);
            left = left.blend(leftScore, leftScore.compare(GT, left));
            right = right.blend(rightScore, rightScore.compare(GT, right));
        }
        left.intoArray(raised, 0);
        right.intoArray(raised, Species.COUNT);
        for (int offset = 0; offset < PANEL; offset += Species.COUNT) rescale(lane + offset, offset, panel * size * PANEL + offset);
    }

    /** Sets the maximum of one vector of lanes to the raised one. */
    private void rescale(int lane, int offset, int sum) {
        FloatVector previousMax = FloatVector.fromArray(Species.FLOAT, maxima, lane);
        FloatVector max = FloatVector.fromArray(Species.FLOAT, raised, offset);
        max.intoArray(maxima, lane);
        FloatVector factor = VectorMath.expOfNegative(previousMax.sub(max));
        FloatVector.fromArray(Species.FLOAT, totals, lane).mul(factor).intoArray(totals, lane);
        for (int d = 0; d < size; d++) {
            FloatVector.fromArray(Species.FLOAT, accumulators, sum + d * PANEL).mul(factor).intoArray(accumulators, sum + d * PANEL);
        }
    }

    /** Replaces scores by their exps times multiplicity, and adds these to the denominator. */
    private void exps(int lane, int from, int to, float[] scores, int offset, float[] multiplicities) {
        FloatVector max = FloatVector.fromArray(Species.FLOAT, maxima, lane);
        FloatVector total = FloatVector.fromArray(Species.FLOAT, totals, lane);
        for (int key = from; key < to; key++) {
            FloatVector score = FloatVector.fromArray(Species.FLOAT, scores, offset + key * PANEL);
            FloatVector weight = VectorMath.expOfNegative(score.sub(max)).mul(multiplicities[key]);
            total = total.add(weight);
            weight.intoArray(scores, offset + key * PANEL);
        }
        total.intoArray(totals, lane);
    }

    /** Adds the values of keys that only some lanes attend to. The other lanes are unchanged, whatever the value. */
    private void addVisible(int panel, int block, int from, int to, float[] weights, float[] valueRows) {
        if (from >= to) return;
        for (int lane = 0; lane < PANEL; lane += Species.COUNT) {
            FloatVector start = FloatVector.fromArray(Species.FLOAT, starts, panel * PANEL + lane);
            FloatVector end = FloatVector.fromArray(Species.FLOAT, ends, panel * PANEL + lane);
            for (int d = 0; d < size; d++) {
                int offset = (panel * size + d) * PANEL + lane;
                FloatVector sum = FloatVector.fromArray(Species.FLOAT, accumulators, offset);
                for (int key = from; key < to; key++) {
                    FloatVector weight = FloatVector.fromArray(Species.FLOAT, weights, (key - block) * PANEL + lane);
                    FloatVector value = FloatVector.broadcast(Species.FLOAT, valueRows[d * DEPTH + key - block]);
                    VectorMask<Float> visible = start.compare(LE, (float) key).and(end.compare(GT, (float) key));
                    sum = sum.blend(weight.fma(value, sum), visible);
                }
                sum.intoArray(accumulators, offset);
            }
        }
    }
}
