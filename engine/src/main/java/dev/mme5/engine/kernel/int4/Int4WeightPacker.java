package dev.mme5.engine.kernel.int4;

import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.mme5.engine.kernel.simd.BlockTranspose;
import dev.mme5.weights.QuantizedTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.IntVector;

/**
 * Brings a block of four-bit weights from its file to where {@link Int4MicroKernel} wants it: as 16-bit integers, turned, so that one
 * vector holds one column of as many rows. Of vector v of a panel, lanes 2i and 2i + 1 are the rows (2v) * SIDE + i and
 * (2v + 1) * SIDE + i.
 */
final class Int4WeightPacker {
    private static final int SIDE = BlockTranspose.SIDE;
    private static final int PANEL = Int4MicroKernel.PANEL;

    /** Weights in an int of the file. */
    private static final int PER_INT = 8;

    /** Weights of a row in a square of ints. */
    private static final int SQUARE = SIDE * PER_INT;

    private final int[] lower = new int[2 * SIDE * SIDE];
    private final int[] upper = new int[2 * SIDE * SIDE];
    private final byte[] codes = new byte[PANEL];
    private final float[] rowScales = new float[PANEL];

    /**
     * Rows fromRow to toRow, columns fromCol to fromCol + depth; what is missing in the last panel or the last block is zero.
     *
     * @param fromCol a multiple of the block
     * @param panels panel by panel, [depth in whole blocks, PANEL]
     * @param scales panel by panel, [blocks, PANEL], times 2^-16
     */
    void fill(QuantizedTensor weight, int fromRow, int toRow, int fromCol, int depth, short[] panels, float[] scales) {
        int blocks = Math.ceilDiv(depth, ActivationQuantizer.BLOCK);
        int panelShorts = blocks * ActivationQuantizer.BLOCK * PANEL;
        int panel = 0;
        for (int row = fromRow; row < toRow; row += PANEL, panel++) {
            int rows = Math.min(PANEL, toRow - row);
            fillPanel(weight, row, rows, fromCol, depth, panels, panel * panelShorts, panelShorts);
            fillScales(weight, row, rows, fromCol / ActivationQuantizer.BLOCK, blocks, scales, panel * blocks * PANEL);
        }
    }

    private void fillPanel(QuantizedTensor weight, int row, int rows, int fromCol, int depth, short[] panels, int at, int panelShorts) {
        MemorySegment bytes = weight.codes().bytes();
        long rowBytes = weight.codes().rowBytes();
        int body = rows < PANEL || fromCol % 2 != 0 ? 0 : depth - depth % SQUARE;
        for (int v = 0; v < PANEL / (2 * SIDE); v++) {
            for (int k = 0; k < body; k += SQUARE) {
                long from = (row + 2L * v * SIDE) * rowBytes + (fromCol + k) / 2;
                BlockTranspose.turn(bytes, from, rowBytes, lower);
                BlockTranspose.turn(bytes, from + SIDE * rowBytes, rowBytes, upper);
                unpack(panels, at + k * PANEL + v * 2 * SIDE);
            }
        }
        if (body == depth) return;

        Arrays.fill(panels, at + body * PANEL, at + panelShorts, (short) 0);
        for (int r = 0; r < rows; r++) {
            int lane = r / (2 * SIDE) * 2 * SIDE + r % SIDE * 2 + r / SIDE % 2;
            for (int k = body; k < depth; k++) panels[at + k * PANEL + lane] = (short) weight.code(row + r, fromCol + k);
        }
    }

    /** Two squares to SQUARE columns of one vector each. */
    private void unpack(short[] panels, int at) {
        for (int i = 0; i < SIDE; i++) {
            IntVector below = BlockTranspose.column(lower, i);
            IntVector above = BlockTranspose.column(upper, i);
            for (int n = 0; n < PER_INT; n++) {
                IntVector even = below.lanewise(LSHR, 4 * n).and(0xf);
                IntVector odd = above.lanewise(LSHR, 4 * n).and(0xf).lanewise(LSHL, Short.SIZE);
                even.or(odd).reinterpretAsShorts().sub((short) QuantizedTensor.INT4_ZERO)
                        .intoArray(panels, at + (PER_INT * i + n) * PANEL);
            }
        }
    }

    private void fillScales(QuantizedTensor weight, int row, int rows, int fromBlock, int blocks, float[] scales, int at) {
        for (int r = 0; r < rows; r++) rowScales[r] = weight.rowScale(row + r);
        Arrays.fill(scales, at, at + blocks * PANEL, 0f);
        for (int b = 0; b < blocks; b++) {
            long from = (long) (fromBlock + b) * weight.rows() + row;
            MemorySegment.copy(weight.scales().bytes(), ValueLayout.JAVA_BYTE, from, codes, 0, rows);
            for (int r = 0; r < rows; r++) scales[at + b * PANEL + r] = codes[r] * rowScales[r] * Int4MicroKernel.SCALING;
        }
    }
}
