package dev.mme5.engine.kernel.int4;

import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.mme5.engine.kernel.simd.BlockTranspose;
import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.QuantizedTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

/**
 * Packs 4-bit weights into panels of 16-bit integers for {@link Int4MicroKernel}, transposed so that one vector holds one column of
 * several rows. In vector v of a panel, lanes 2i and 2i + 1 are rows (2v) * BLOCK_SIDE + i and (2v + 1) * BLOCK_SIDE + i.
 */
final class Int4WeightPacker {
    private static final int BLOCK_SIDE = BlockTranspose.BLOCK_SIDE;
    private static final int PANEL = Int4MicroKernel.PANEL;

    /** Weights in one int of the file. */
    private static final int PER_INT = 8;

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
                long sourceOffset = (row + 2L * v * BLOCK_SIDE) * rowBytes + (fromCol + k) / 2;
                BlockTranspose.transpose(bytes, sourceOffset, rowBytes, lower);
                BlockTranspose.transpose(bytes, sourceOffset + BLOCK_SIDE * rowBytes, rowBytes, upper);
                unpack(panels, offset + k * PANEL + v * 2 * BLOCK_SIDE);
            }
        }
        if (body == depth) return;

        Arrays.fill(panels, offset + body * PANEL, offset + panelShorts, (short) 0);
        for (int r = 0; r < rows; r++) {
            int lane = r / (2 * BLOCK_SIDE) * 2 * BLOCK_SIDE + r % BLOCK_SIDE * 2 + r / BLOCK_SIDE % 2;
            for (int k = body; k < depth; k++) panels[offset + k * PANEL + lane] = (short) weight.code(row + r, fromCol + k);
        }
    }

    /** Unpacks two transposed blocks into BLOCK_COLUMNS columns of one vector each. */
    private void unpack(short[] panels, int offset) {
        for (int i = 0; i < BLOCK_SIDE; i++) {
            IntVector below = BlockTranspose.column(lower, i);
            IntVector above = BlockTranspose.column(upper, i);
            for (int n = 0; n < PER_INT; n++) {
                IntVector even = below.lanewise(LSHR, 4 * n).and(0xf);
                IntVector odd = above.lanewise(LSHR, 4 * n).and(0xf).lanewise(LSHL, Short.SIZE);
                ((ShortVector) even.or(odd).reinterpretShape(Species.SHORT, 0)).sub((short) QuantizedTensor.INT4_ZERO)
                        .intoArray(panels, offset + (PER_INT * i + n) * PANEL);
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
