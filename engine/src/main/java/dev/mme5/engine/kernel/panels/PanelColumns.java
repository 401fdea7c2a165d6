package dev.mme5.engine.kernel.panels;

import dev.mme5.engine.kernel.panels.near.NearTiles;
import dev.mme5.engine.kernel.panels.tiles.Bf16Tiles1To8;
import dev.mme5.engine.kernel.panels.tiles.Bf16Tiles9To12;
import dev.mme5.engine.kernel.panels.tiles.Int8Tiles10To12;
import dev.mme5.engine.kernel.panels.tiles.Int8Tiles1To6;
import dev.mme5.engine.kernel.panels.tiles.Int8Tiles7To9;
import dev.mme5.engine.kernel.panels.tiles.PanelTiles;
import dev.mme5.engine.kernel.simd.Species;
import java.lang.foreign.MemorySegment;

/**
 * Some columns of a panel.
 *
 * @param offset of the first one in w, in bytes
 * @param scales of INT8, from the group of the first column on; else null
 * @param k the first column
 * @param order how a tile reads ahead ({@link ColumnBlocks.Ahead})
 */
record PanelColumns(PanelSource.Type type, MemorySegment w, long offset, float[] scales, int k, int depth, int[] order) {
    /**
     * Runs the register tiles: one with the widest vectors, several with narrower ones. Returns the sum of what they read ahead.
     *
     * @param ahead where to begin to read ahead, or -1
     */
    int multiply(
            int tokens, float[] x, int xOffset, float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride,
            long ahead) {
        int touched = 0;
        for (int lane = 0; lane < PanelTiles.HALF; lane += Species.COUNT) {
            int before = inOffset + lane;
            int after = outOffset + lane;
            if (ahead < 0) near(tokens, lane, x, xOffset, in, before, inStride, out, after, outStride);
            else touched += reading(tokens, lane, x, xOffset, in, before, inStride, out, after, outStride, ahead);
        }
        return touched;
    }

    private void near(
            int tokens, int lane, float[] x, int xOffset, float[] in, int inOffset, int inStride, float[] out, int outOffset,
            int outStride) {
        switch (type) {
            case BF16 -> NearTiles.bf16(tokens, w, offset + lane * 2L * Short.BYTES, depth, x, xOffset, in, inOffset, inStride, out,
                    outOffset, outStride);
            case F32 -> NearTiles.f32(tokens, w, offset + lane * (long) Float.BYTES, depth, x, xOffset, in, inOffset, inStride, out,
                    outOffset, outStride);
            case INT8 -> NearTiles.int8(tokens, w, offset + lane, scales, lane, depth, x, xOffset, in, inOffset, inStride, out, outOffset,
                    outStride);
        }
    }

    private int reading(
            int tokens, int lane, float[] x, int xOffset, float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride,
            long ahead) {
        return switch (type) {
            case BF16 -> {
                long from = offset + lane * 2L * Short.BYTES;
                yield tokens <= 8
                        ? Bf16Tiles1To8.multiply(tokens, w, from, depth, x, xOffset, in, inOffset, inStride, out, outOffset, outStride,
                                ahead, order)
                        : Bf16Tiles9To12.multiply(tokens, w, from, depth, x, xOffset, in, inOffset, inStride, out, outOffset, outStride,
                                ahead, order);
            }
            case F32 -> {
                near(tokens, lane, x, xOffset, in, inOffset, inStride, out, outOffset, outStride);
                yield 0;
            }
            case INT8 -> readingInt8(tokens, lane, x, xOffset, in, inOffset, inStride, out, outOffset, outStride, ahead);
        };
    }

    private int readingInt8(
            int tokens, int lane, float[] x, int xOffset, float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride,
            long ahead) {
        long from = offset + lane;
        if (tokens <= 6) {
            return Int8Tiles1To6.multiply(tokens, w, from, scales, lane, depth, x, xOffset, in, inOffset, inStride, out, outOffset,
                    outStride, ahead, order);
        }
        if (tokens <= 9) {
            return Int8Tiles7To9.multiply(tokens, w, from, scales, lane, depth, x, xOffset, in, inOffset, inStride, out, outOffset,
                    outStride, ahead, order);
        }
        return Int8Tiles10To12.multiply(tokens, w, from, scales, lane, depth, x, xOffset, in, inOffset, inStride, out, outOffset,
                outStride, ahead, order);
    }
}
