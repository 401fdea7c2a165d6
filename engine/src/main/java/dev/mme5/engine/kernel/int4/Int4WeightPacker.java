package dev.mme5.engine.kernel.int4;

import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.mme5.engine.kernel.simd.BlockTranspose;
import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.QuantizedTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

/**
 * Packs 4-bit weights into panels of 16-bit integers for {@link Int4MicroKernel}, which describes the order of rows, transposed so that one
 * vector holds one column of several rows. Column n of four has the 16-bit word of all four, shifted right by 4 n: its own code in the
 * lowest bits, and above those of the columns after it. {@link ActivationQuantizer} explains why they may stay there.
 */
final class Int4WeightPacker {
    private static final int BLOCK_SIDE = BlockTranspose.BLOCK_SIDE;
    private static final int PANEL = Int4MicroKernel.PANEL;

    /** Weights in one int of the file. */
    private static final int PER_INT = 8;

    /** Columns whose codes are in one lane. */
    private static final int COLUMNS = PanelTensor.INT4_COLUMNS;

    /** Weights of one row in a block of ints. */
    private static final int BLOCK_COLUMNS = BLOCK_SIDE * PER_INT;

    private final int[] lower = new int[2 * BLOCK_SIDE * BLOCK_SIDE];
    private final int[] upper = new int[2 * BLOCK_SIDE * BLOCK_SIDE];
    private final byte[] codes = new byte[PANEL];
    private final float[] rowScales = new float[PANEL];

    /**
     * Packs rows fromRow to toRow, columns fromCol to fromCol + depth. The last panel and the last block are padded with zeros.
     *
     * @param fromCol a multiple of 32
     * @param panels receives each panel, [depth in whole blocks, PANEL]
     * @param scales receives the scales of each panel, [blocks, PANEL], times 2^-16
     */
    void pack(QuantizedTensor weight, int fromRow, int toRow, int fromCol, int depth, short[] panels, float[] scales) {
        int blocks = Math.ceilDiv(depth, ActivationQuantizer.BLOCK);
        int panelShorts = blocks * ActivationQuantizer.BLOCK * PANEL;
        int panel = 0;
        for (int row = fromRow; row < toRow; row += PANEL, panel++) {
            int rows = Math.min(PANEL, toRow - row);
            int offset = panel * panelShorts;
            if (weight.inPanels()) Int4PanelReader.read(weight, row, fromCol, depth, panels, offset, panelShorts);
            else packPanel(weight, row, rows, fromCol, depth, panels, offset, panelShorts);
            int fromBlock = fromCol / ActivationQuantizer.BLOCK;
            int target = panel * blocks * PANEL;
            if (Int4WordTiles.USED && weight.inPanels()) {
                Int4PanelReader.scales(weight, row / PANEL, fromBlock, fromBlock + blocks, rowScales, scales, target);
            } else packScales(weight, row, rows, fromBlock, blocks, scales, target);
        }
    }

    private void packPanel(QuantizedTensor weight, int row, int rows, int fromCol, int depth, short[] panels, int offset, int panelShorts) {
        MemorySegment bytes = weight.codes().bytes();
        long rowBytes = weight.codes().rowBytes();
        int body = rows < PANEL || fromCol % 2 != 0 ? 0 : depth - depth % BLOCK_COLUMNS;
        for (int v = 0; v < PANEL / (2 * BLOCK_SIDE); v++) {
            for (int k = 0; k < body; k += BLOCK_COLUMNS) {
                long sourceOffset = (row + (long) v * Int4MicroKernel.SECOND) * rowBytes + (fromCol + k) / 2;
                BlockTranspose.transpose(bytes, sourceOffset, rowBytes, lower);
                BlockTranspose.transpose(bytes, sourceOffset + Int4MicroKernel.ODD * rowBytes, rowBytes, upper);
                spread(panels, offset + k * PANEL + v * 2 * BLOCK_SIDE);
            }
        }
        if (body == depth) return;

        Arrays.fill(panels, offset + body * PANEL, offset + panelShorts, (short) 0);
        for (int r = 0; r < rows; r++) {
            int codes = 0;
            for (int k = depth - 1; k >= body; k--) {
                codes = (k % COLUMNS == COLUMNS - 1 ? 0 : codes << 4) | weight.code(row + r, fromCol + k) + QuantizedTensor.INT4_ZERO;
                panels[offset + k * PANEL + lane(r)] = (short) codes;
            }
        }
    }

    /** Where a row of a panel lies in a column. */
    private static int lane(int row) {
        int second = row / Int4MicroKernel.SECOND % 2;
        int odd = row / Int4MicroKernel.ODD % 2;
        return second * PANEL / 2 + row % BLOCK_SIDE * 2 + odd;
    }

    /** Spreads two transposed blocks over BLOCK_COLUMNS columns of one vector each. */
    private void spread(short[] panels, int offset) {
        for (int i = 0; i < BLOCK_SIDE; i++) {
            IntVector even = BlockTranspose.column(lower, i);
            IntVector odd = BlockTranspose.column(upper, i);
            IntVector first = even.and(0xffff).or(odd.lanewise(LSHL, Short.SIZE));
            IntVector second = even.lanewise(LSHR, Short.SIZE).or(odd.and(0xffff0000));
            ShortVector firstFour = (ShortVector) first.reinterpretShape(Species.SHORT, 0);
            ShortVector secondFour = (ShortVector) second.reinterpretShape(Species.SHORT, 0);
            int column = offset + PER_INT * i * PANEL;
            for (int n = 0; n < COLUMNS; n++) {
                firstFour.lanewise(LSHR, 4 * n).intoArray(panels, column + n * PANEL);
                secondFour.lanewise(LSHR, 4 * n).intoArray(panels, column + (n + COLUMNS) * PANEL);
            }
        }
    }

    private void packScales(QuantizedTensor weight, int row, int rows, int fromBlock, int blocks, float[] scales, int offset) {
        for (int r = 0; r < rows; r++) rowScales[r] = weight.rowScale(row + r);
        Arrays.fill(scales, offset, offset + blocks * PANEL, 0f);
        for (int b = 0; b < blocks; b++) {
            long sourceOffset = (long) (fromBlock + b) * weight.rows() + row;
            MemorySegment.copy(weight.scales().bytes(), ValueLayout.JAVA_BYTE, sourceOffset, codes, 0, rows);
            for (int r = 0; r < rows; r++) scales[offset + b * PANEL + r] = codes[r] * rowScales[r] * Int4MicroKernel.SCALING;
        }
    }
}
