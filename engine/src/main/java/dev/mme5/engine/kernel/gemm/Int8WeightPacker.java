package dev.mme5.engine.kernel.gemm;

import dev.mme5.engine.kernel.simd.BlockTranspose;
import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.QuantizationScheme;
import dev.mme5.weights.QuantizedTensor;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/** Packs INT8 weights: transposes some columns of the rows of a panel and widens them to float, times the scale of each group. */
public final class Int8WeightPacker {
    private static final int ROWS = PanelTensor.ROWS;
    private static final int COUNT = Species.COUNT;
    private static final int PER_INT = Int8Matvec.PER_INT;
    private static final int BLOCK_COLUMNS = Int8Matvec.BLOCK_COLUMNS;
    private static final int GROUP = QuantizationScheme.INT8.group();

    private final int[] block = new int[2 * COUNT * COUNT];
    private final float[] scales = new float[COUNT];

    /**
     * Packs rows fromRow to fromRow + 32 of the weight, columns fromCol to fromCol + depth.
     *
     * @param fromCol begins a group
     * @param panel receives [depth, 32] at panelOffset; zeros for rows beyond the last
     */
    public void pack(QuantizedTensor weight, int fromRow, int fromCol, int depth, float[] panel, int panelOffset) {
        for (int lane = 0; lane < ROWS; lane += COUNT) {
            int row = fromRow + lane;
            int rows = Math.clamp(weight.rows() - row, 0, COUNT);
            int body = rows < COUNT ? 0 : depth - depth % BLOCK_COLUMNS;
            for (int k = 0; k < body; k += BLOCK_COLUMNS) {
                if (k % GROUP == 0) Int8Matvec.groupScales(weight, row, (fromCol + k) / GROUP, scales);
                BlockTranspose.transpose(weight.codes().bytes(), (long) row * weight.cols() + fromCol + k, weight.cols(), block);
                widen(panel, panelOffset + k * ROWS + lane);
            }
            for (int k = body; k < depth; k++) {
                for (int i = 0; i < COUNT; i++) {
                    int col = fromCol + k;
                    panel[panelOffset + k * ROWS + lane + i] =
                            i < rows ? weight.code(row + i, col) * weight.scale(row + i, col / GROUP) : 0;
                }
            }
        }
    }

    private void widen(float[] panel, int offset) {
        FloatVector scale = FloatVector.fromArray(Species.FLOAT, scales, 0);
        for (int i = 0; i < COUNT; i++) {
            IntVector fourCodes = BlockTranspose.column(block, i);
            for (int n = 0; n < PER_INT; n++) {
                Int8Matvec.weights(fourCodes, n, scale).intoArray(panel, offset + (PER_INT * i + n) * ROWS);
            }
        }
    }
}
