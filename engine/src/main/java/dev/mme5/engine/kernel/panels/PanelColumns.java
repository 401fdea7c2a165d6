package dev.mme5.engine.kernel.panels;

import dev.mme5.engine.kernel.panels.tiles.ArrayTiles1To8;
import dev.mme5.engine.kernel.panels.tiles.ArrayTiles9To12;
import dev.mme5.engine.kernel.panels.tiles.Bf16Tiles1To8;
import dev.mme5.engine.kernel.panels.tiles.Bf16Tiles9To12;
import dev.mme5.engine.kernel.panels.tiles.F32Tiles1To8;
import dev.mme5.engine.kernel.panels.tiles.F32Tiles9To12;
import dev.mme5.engine.kernel.panels.tiles.PanelTiles;
import dev.mme5.engine.kernel.simd.Species;
import java.lang.foreign.MemorySegment;

/**
 * Some columns of a panel.
 *
 * @param widened the columns as floats, or null
 * @param offset of the first one in w, in bytes
 * @param scales of INT8, from the group of the first column on; else null
 * @param k the first column
 * @param order how a tile reads ahead ({@link ColumnBlocks.Ahead})
 */
record PanelColumns(PanelSource.Type type, MemorySegment w, float[] widened, long offset, float[] scales, int k, int depth, int[] order) {
    /** So that a tile reads what it needs anyway. */
    private static final int[] NOTHING = new int[PanelProduct.ONE_TILE_DEPTH];

    /**
     * Runs the register tiles: one with the widest vectors, several with narrower ones. Returns the sum of what they read ahead.
     *
     * @param ahead where to begin to read ahead, or -1
     */
    int multiply(
            int tokens, float[] x, int xOffset, float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride,
            long ahead) {
        int touched = 0;
        int[] far = ahead < 0 ? NOTHING : order;
        long farOffset = Math.max(0, ahead);
        for (int lane = 0; lane < PanelTiles.HALF; lane += Species.COUNT) {
            int before = inOffset + lane;
            int after = outOffset + lane;
            if (widened != null) {
                if (tokens <= 8) {
                    ArrayTiles1To8.multiply(tokens, widened, lane, depth, x, xOffset, in, before, inStride, out, after, outStride, 0, 0, 0);
                } else {
                    ArrayTiles9To12.multiply(tokens, widened, lane, depth, x, xOffset, in, before, inStride, out, after, outStride, 0, 0,
                            0);
                }
                continue;
            }
            switch (type) {
                case BF16 -> {
                    long from = offset + lane * 2L * Short.BYTES;
                    touched += tokens <= 8
                            ? Bf16Tiles1To8.multiply(tokens, w, from, depth, x, xOffset, in, before, inStride, out, after, outStride,
                                    farOffset, far)
                            : Bf16Tiles9To12.multiply(tokens, w, from, depth, x, xOffset, in, before, inStride, out, after, outStride,
                                    farOffset, far);
                }
                case F32 -> {
                    long from = offset + lane * (long) Float.BYTES;
                    if (tokens <= 8) {
                        F32Tiles1To8.multiply(tokens, w, from, depth, x, xOffset, in, before, inStride, out, after, outStride);
                    } else {
                        F32Tiles9To12.multiply(tokens, w, from, depth, x, xOffset, in, before, inStride, out, after, outStride);
                    }
                }
                case INT8 -> touched += Int8Panels.multiply(tokens, w, offset + lane, scales, lane, depth, x, xOffset, in, before, inStride,
                        out, after, outStride, farOffset, far);
            }
        }
        return touched;
    }
}
