package dev.mme5.engine.kernel.panels.near;

import dev.mme5.engine.kernel.panels.tiles.PanelTiles;
import java.lang.foreign.MemorySegment;

/** Runs a tile that reads nothing ahead, for any number of tokens; {@link PanelTiles} has the parameters. */
public final class NearTiles {
    private NearTiles() {}

    /** Panels of bfloat16. */
    public static void bf16(
            int tokens, MemorySegment w, long wOffset, int depth, float[] x, int xOffset,
            float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride) {
        if (tokens <= 8) {
            NearBf16Tiles1To8.multiply(tokens, w, wOffset, depth, x, xOffset,
                    in, inOffset, inStride, out, outOffset, outStride);
        } else {
            NearBf16Tiles9To12.multiply(tokens, w, wOffset, depth, x, xOffset,
                    in, inOffset, inStride, out, outOffset, outStride);
        }
    }

    /** Panels of float32. */
    public static void f32(
            int tokens, MemorySegment w, long wOffset, int depth, float[] x, int xOffset,
            float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride) {
        if (tokens <= 8) {
            NearF32Tiles1To8.multiply(tokens, w, wOffset, depth, x, xOffset,
                    in, inOffset, inStride, out, outOffset, outStride);
        } else {
            NearF32Tiles9To12.multiply(tokens, w, wOffset, depth, x, xOffset,
                    in, inOffset, inStride, out, outOffset, outStride);
        }
    }

    /** Panels of float32 in an array. */
    public static void array(
            int tokens, float[] w, int wOffset, int depth, float[] x, int xOffset,
            float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride) {
        if (tokens <= 8) {
            NearArrayTiles1To8.multiply(tokens, w, wOffset, depth, x, xOffset,
                    in, inOffset, inStride, out, outOffset, outStride);
        } else {
            NearArrayTiles9To12.multiply(tokens, w, wOffset, depth, x, xOffset,
                    in, inOffset, inStride, out, outOffset, outStride);
        }
    }

    /** Panels of 8 bits; the first column begins a group. */
    public static void int8(
            int tokens, MemorySegment w, long wOffset, float[] scales, int scalesOffset, int depth, float[] x, int xOffset,
            float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride) {
        if (tokens <= 6) {
            NearInt8Tiles1To6.multiply(tokens, w, wOffset, scales, scalesOffset, depth, x, xOffset,
                    in, inOffset, inStride, out, outOffset, outStride);
        } else if (tokens <= 9) {
            NearInt8Tiles7To9.multiply(tokens, w, wOffset, scales, scalesOffset, depth, x, xOffset,
                    in, inOffset, inStride, out, outOffset, outStride);
        } else {
            NearInt8Tiles10To12.multiply(tokens, w, wOffset, scales, scalesOffset, depth, x, xOffset,
                    in, inOffset, inStride, out, outOffset, outStride);
        }
    }

    /** Panels of float32 in an array and tokens as they lie, [tokens, CHUNK_DEPTH]. */
    public static void chunk(
            int tokens, float[] w, int wOffset, int depth, float[] x, int xOffset, float[] in, int inOffset, int inStride,
            float[] bias, int biasOffset, float[] out, int outOffset, int outStride) {
        if (tokens <= 5) {
            ChunkTiles1To5.multiply(tokens, w, wOffset, depth, x, xOffset,
                    in, inOffset, inStride, bias, biasOffset, out, outOffset, outStride);
        } else if (tokens <= 8) {
            ChunkTiles6To8.multiply(tokens, w, wOffset, depth, x, xOffset,
                    in, inOffset, inStride, bias, biasOffset, out, outOffset, outStride);
        } else if (tokens <= 10) {
            ChunkTiles9To10.multiply(tokens, w, wOffset, depth, x, xOffset,
                    in, inOffset, inStride, bias, biasOffset, out, outOffset, outStride);
        } else {
            ChunkTiles11To12.multiply(tokens, w, wOffset, depth, x, xOffset,
                    in, inOffset, inStride, bias, biasOffset, out, outOffset, outStride);
        }
    }
}
