package dev.mme5.engine.kernel.panels;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.api.Projection;
import dev.mme5.engine.kernel.rows.VectorRows;
import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.PanelTensor;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/** What follows a register tile: bias and activation, on the way from the sums [tokens, ROWS] to where the result belongs. */
final class PanelOutput {
    private static final int ROWS = PanelTensor.ROWS;

    /** The bias of a panel that has none: changes no bit of what it is added to. */
    static final float[] NO_BIAS = new float[ROWS];

    static {
        Arrays.fill(NO_BIAS, -0f);
    }

    private PanelOutput() {}

    /** Brings the sums of some tokens, from {@code token} on, to the columns of a panel in out. The sums are overwritten. */
    static void write(float[] sums, int offset, int tokens, Projection projection, int panel, Matrix out, int token) {
        int row = panel * ROWS;
        int width = Math.min(ROWS, out.cols() - row);
        int target = out.offset() + token * out.cols() + row;
        float[] bias = projection.bias();
        if (bias != null && width == ROWS && !projection.gelu()) {
            add(sums, offset, bias, row, tokens, out.data(), target, out.cols());
            return;
        }
        activate(sums, offset, tokens, projection, row, width);
        for (int t = 0; t < tokens; t++) System.arraycopy(sums, offset + t * ROWS, out.data(), target + t * out.cols(), width);
    }

    /** Adds the bias and activates, in place. */
    static void activate(float[] sums, int offset, int tokens, Projection projection, int row, int width) {
        float[] bias = projection.bias();
        if (bias != null && width == ROWS) {
            add(sums, offset, bias, row, tokens, sums, offset, ROWS);
        } else if (bias != null) {
            for (int t = 0; t < tokens; t++) VectorRows.add(sums, offset + t * ROWS, bias, row, width);
        }
        if (projection.gelu()) VectorRows.gelu(sums, offset, tokens * ROWS);
    }

    /** Adds the bias of a panel to [tokens, ROWS] sums. */
    private static void add(float[] sums, int offset, float[] bias, int biasOffset, int tokens, float[] out, int outOffset, int stride) {
        for (int lane = 0; lane < ROWS; lane += Species.COUNT) {
            FloatVector b = FloatVector.fromArray(Species.FLOAT, bias, biasOffset + lane);
            for (int t = 0; t < tokens; t++) {
                FloatVector sum = FloatVector.fromArray(Species.FLOAT, sums, offset + t * ROWS + lane);
                sum.add(b).intoArray(out, outOffset + t * stride + lane);
            }
        }
    }
}
