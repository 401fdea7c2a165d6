package dev.mme5.engine.kernel.panels;

import dev.mme5.engine.kernel.panels.near.NearTiles;
import dev.mme5.engine.kernel.panels.tiles.Bf16ColumnTiles;
import dev.mme5.engine.kernel.panels.tiles.Bf16Tiles10To12;
import dev.mme5.engine.kernel.panels.tiles.Bf16Tiles1To6;
import dev.mme5.engine.kernel.panels.tiles.Bf16Tiles7To9;
import dev.mme5.engine.kernel.panels.tiles.Int8ColumnTiles;
import dev.mme5.engine.kernel.panels.tiles.Int8Columns;
import dev.mme5.engine.kernel.panels.tiles.Int8Tiles10To12;
import dev.mme5.engine.kernel.panels.tiles.Int8Tiles1To6;
import dev.mme5.engine.kernel.panels.tiles.Int8Tiles7To9;
import dev.mme5.engine.kernel.panels.tiles.PanelTiles;
import dev.mme5.engine.kernel.panels.tiles.StepBf16Tiles3To6;
import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.PanelTensor;
import java.lang.foreign.MemorySegment;

/**
 * Some columns of a panel.
 *
 * @param offset of the first one in w, in bytes
 * @param scales of INT8, from the group of the first column on, in the order of {@link Int8Columns} for tiles of whole columns; else null
 * @param sums a buffer for those of whole columns of INT8
 * @param k the first column
 * @param ahead how tiles read ahead
 */
record PanelColumns(
        PanelSource.Type type, MemorySegment w, long offset, float[] scales, float[] sums, int k, int depth, ColumnBlocks.Ahead ahead) {
    /**
     * Runs the register tiles: one with the widest vectors, several with narrower ones. Returns the sum of what they read ahead.
     *
     * @param next where the block to read ahead begins
     * @param reader number of this reader, or a negative one if nothing is to be read
     */
    int multiply(
            int tokens, float[] x, int xOffset, float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride,
            long next, int reader) {
        if (takesWholeColumns(type, tokens)) {
            long place = next + ahead.first(Math.max(0, reader));
            return wholeColumns(tokens, x, xOffset, in, inOffset, inStride, out, outOffset, outStride, place);
        }
        int touched = 0;
        for (int lane = 0; lane < PanelTiles.HALF; lane += Species.COUNT) {
            int before = inOffset + lane;
            int after = outOffset + lane;
            if (reader < 0) {
                near(tokens, lane, x, xOffset, in, before, inStride, out, after, outStride);
            } else {
                long place = next + ahead.first(reader, lane / Species.COUNT);
                touched += reading(tokens, lane, x, xOffset, in, before, inStride, out, after, outStride, place);
            }
        }
        return touched;
    }

    /** Whether tiles of so many tokens take whole columns. */
    static boolean takesWholeColumns(PanelSource.Type type, int tokens) {
        return PanelTiles.WHOLE_COLUMNS && tokens <= PanelTiles.MAX_COLUMN_TOKENS && type != PanelSource.Type.F32;
    }

    private int wholeColumns(
            int tokens, float[] x, int xOffset, float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride,
            long place) {
        if (type == PanelSource.Type.BF16) {
            return Bf16ColumnTiles.multiply(tokens, w, offset, depth, x, xOffset, in, inOffset, inStride, out, outOffset, outStride, place,
                    ahead.order());
        }
        for (int t = 0; t < tokens; t++) Int8Columns.scatter(in, inOffset + t * inStride, sums, t * PanelTensor.ROWS);
        Int8ColumnTiles.multiply(tokens, w, offset, scales, depth, x, xOffset, sums);
        for (int t = 0; t < tokens; t++) Int8Columns.gather(sums, t * PanelTensor.ROWS, out, outOffset + t * outStride);
        return 0;
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
            long place) {
        return switch (type) {
            case BF16 -> readingBf16(tokens, lane, x, xOffset, in, inOffset, inStride, out, outOffset, outStride, place);
            case F32 -> {
                near(tokens, lane, x, xOffset, in, inOffset, inStride, out, outOffset, outStride);
                yield 0;
            }
            case INT8 -> readingInt8(tokens, lane, x, xOffset, in, inOffset, inStride, out, outOffset, outStride, place);
        };
    }

    private int readingBf16(
            int tokens, int lane, float[] x, int xOffset, float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride,
            long place) {
        long from = offset + lane * 2L * Short.BYTES;
        if (tokens >= PanelTiles.MIN_STEP_TOKENS) {
            return StepBf16Tiles3To6.multiply(tokens, w, from, depth, x, xOffset, in, inOffset, inStride, out, outOffset, outStride, place,
                    ahead.step());
        }
        if (tokens <= 6) {
            return Bf16Tiles1To6.multiply(tokens, w, from, depth, x, xOffset, in, inOffset, inStride, out, outOffset, outStride, place,
                    ahead.order());
        }
        if (tokens <= 9) {
            return Bf16Tiles7To9.multiply(tokens, w, from, depth, x, xOffset, in, inOffset, inStride, out, outOffset, outStride, place,
                    ahead.order());
        }
        return Bf16Tiles10To12.multiply(tokens, w, from, depth, x, xOffset, in, inOffset, inStride, out, outOffset, outStride, place,
                ahead.order());
    }

    private int readingInt8(
            int tokens, int lane, float[] x, int xOffset, float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride,
            long place) {
        long from = offset + lane;
        if (tokens <= 6) {
            return Int8Tiles1To6.multiply(tokens, w, from, scales, lane, depth, x, xOffset, in, inOffset, inStride, out, outOffset,
                    outStride, place, ahead.order());
        }
        if (tokens <= 9) {
            return Int8Tiles7To9.multiply(tokens, w, from, scales, lane, depth, x, xOffset, in, inOffset, inStride, out, outOffset,
                    outStride, place, ahead.order());
        }
        return Int8Tiles10To12.multiply(tokens, w, from, scales, lane, depth, x, xOffset, in, inOffset, inStride, out, outOffset,
                outStride, place, ahead.order());
    }
}
