package dev.mme5.engine.kernel.panels.near;

import dev.mme5.engine.kernel.panels.tiles.PanelTiles;
import dev.mme5.engine.kernel.simd.Species;
import java.lang.invoke.VarHandle;
import jdk.incubator.vector.FloatVector;

/** Register tiles of chunks of 6 to 8 tokens, written by {@code TileSource}; {@link PanelTiles} explains them. */
final class ChunkTiles6To8 {
    private static final int HALF = PanelTiles.HALF;
    private static final int DEPTH = PanelTiles.CHUNK_DEPTH;

    private ChunkTiles6To8() {}

    static void multiply(
            int tokens, float[] w, int wOffset, int depth, float[] x, int xOffset, float[] in, int inOffset, int inStride,
            float[] bias, int biasOffset, float[] out, int outOffset, int outStride) {
        switch (tokens) {
            case 6 -> tokens6(w, wOffset, depth, x, xOffset, in, inOffset, inStride, bias, biasOffset, out, outOffset, outStride);
            case 7 -> tokens7(w, wOffset, depth, x, xOffset, in, inOffset, inStride, bias, biasOffset, out, outOffset, outStride);
            default -> tokens8(w, wOffset, depth, x, xOffset, in, inOffset, inStride, bias, biasOffset, out, outOffset, outStride);
        }
    }

    private static FloatVector load(float[] a, int i) {
        return FloatVector.fromArray(Species.FLOAT, a, i);
    }

    private static FloatVector same(float[] a, int i) {
        return FloatVector.broadcast(Species.FLOAT, a[i]);
    }

    private static void tokens6(
            float[] w, int wOffset, int depth, float[] x, int xOffset, float[] in, int inOffset, int inStride,
            float[] bias, int biasOffset, float[] out, int outOffset, int outStride) {
        int i = inOffset;
        FloatVector a0 = load(in, i);
        FloatVector b0 = load(in, i + HALF);
        i += inStride;
        FloatVector a1 = load(in, i);
        FloatVector b1 = load(in, i + HALF);
        i += inStride;
        FloatVector a2 = load(in, i);
        FloatVector b2 = load(in, i + HALF);
        i += inStride;
        FloatVector a3 = load(in, i);
        FloatVector b3 = load(in, i + HALF);
        i += inStride;
        FloatVector a4 = load(in, i);
        FloatVector b4 = load(in, i + HALF);
        i += inStride;
        FloatVector a5 = load(in, i);
        FloatVector b5 = load(in, i + HALF);
        for (int k = 0; k + 1 < depth; k += 2) {
            int v = wOffset + 32 * k;
            int j = xOffset + k;
            FloatVector a = load(w, v);
            FloatVector b = load(w, v + HALF);
            FloatVector x0 = same(x, j);
            a0 = a.fma(x0, a0);
            b0 = b.fma(x0, b0);
            FloatVector x1 = same(x, j + DEPTH);
            a1 = a.fma(x1, a1);
            b1 = b.fma(x1, b1);
            FloatVector x2 = same(x, j + 2 * DEPTH);
            a2 = a.fma(x2, a2);
            b2 = b.fma(x2, b2);
            VarHandle.loadLoadFence();
            FloatVector x3 = same(x, j + 3 * DEPTH);
            a3 = a.fma(x3, a3);
            b3 = b.fma(x3, b3);
            FloatVector x4 = same(x, j + 4 * DEPTH);
            a4 = a.fma(x4, a4);
            b4 = b.fma(x4, b4);
            FloatVector x5 = same(x, j + 5 * DEPTH);
            a5 = a.fma(x5, a5);
            b5 = b.fma(x5, b5);
            VarHandle.loadLoadFence();
            FloatVector aNext = load(w, v + 32);
            FloatVector bNext = load(w, v + 32 + HALF);
            FloatVector x0Next = same(x, j + 1);
            a0 = aNext.fma(x0Next, a0);
            b0 = bNext.fma(x0Next, b0);
            FloatVector x1Next = same(x, j + DEPTH + 1);
            a1 = aNext.fma(x1Next, a1);
            b1 = bNext.fma(x1Next, b1);
            FloatVector x2Next = same(x, j + 2 * DEPTH + 1);
            a2 = aNext.fma(x2Next, a2);
            b2 = bNext.fma(x2Next, b2);
            VarHandle.loadLoadFence();
            FloatVector x3Next = same(x, j + 3 * DEPTH + 1);
            a3 = aNext.fma(x3Next, a3);
            b3 = bNext.fma(x3Next, b3);
            FloatVector x4Next = same(x, j + 4 * DEPTH + 1);
            a4 = aNext.fma(x4Next, a4);
            b4 = bNext.fma(x4Next, b4);
            FloatVector x5Next = same(x, j + 5 * DEPTH + 1);
            a5 = aNext.fma(x5Next, a5);
            b5 = bNext.fma(x5Next, b5);
            VarHandle.loadLoadFence();
        }
        int o = outOffset;
        FloatVector aBias = load(bias, biasOffset);
        FloatVector bBias = load(bias, biasOffset + HALF);
        a0.add(aBias).intoArray(out, o);
        b0.add(bBias).intoArray(out, o + HALF);
        o += outStride;
        a1.add(aBias).intoArray(out, o);
        b1.add(bBias).intoArray(out, o + HALF);
        o += outStride;
        a2.add(aBias).intoArray(out, o);
        b2.add(bBias).intoArray(out, o + HALF);
        o += outStride;
        a3.add(aBias).intoArray(out, o);
        b3.add(bBias).intoArray(out, o + HALF);
        o += outStride;
        a4.add(aBias).intoArray(out, o);
        b4.add(bBias).intoArray(out, o + HALF);
        o += outStride;
        a5.add(aBias).intoArray(out, o);
        b5.add(bBias).intoArray(out, o + HALF);
    }

    private static void tokens7(
            float[] w, int wOffset, int depth, float[] x, int xOffset, float[] in, int inOffset, int inStride,
            float[] bias, int biasOffset, float[] out, int outOffset, int outStride) {
        int i = inOffset;
        FloatVector a0 = load(in, i);
        FloatVector b0 = load(in, i + HALF);
        i += inStride;
        FloatVector a1 = load(in, i);
        FloatVector b1 = load(in, i + HALF);
        i += inStride;
        FloatVector a2 = load(in, i);
        FloatVector b2 = load(in, i + HALF);
        i += inStride;
        FloatVector a3 = load(in, i);
        FloatVector b3 = load(in, i + HALF);
        i += inStride;
        FloatVector a4 = load(in, i);
        FloatVector b4 = load(in, i + HALF);
        i += inStride;
        FloatVector a5 = load(in, i);
        FloatVector b5 = load(in, i + HALF);
        i += inStride;
        FloatVector a6 = load(in, i);
        FloatVector b6 = load(in, i + HALF);
        for (int k = 0; k + 1 < depth; k += 2) {
            int v = wOffset + 32 * k;
            int j = xOffset + k;
            FloatVector a = load(w, v);
            FloatVector b = load(w, v + HALF);
            FloatVector x0 = same(x, j);
            a0 = a.fma(x0, a0);
            b0 = b.fma(x0, b0);
            FloatVector x1 = same(x, j + DEPTH);
            a1 = a.fma(x1, a1);
            b1 = b.fma(x1, b1);
            FloatVector x2 = same(x, j + 2 * DEPTH);
            a2 = a.fma(x2, a2);
            b2 = b.fma(x2, b2);
            VarHandle.loadLoadFence();
            FloatVector x3 = same(x, j + 3 * DEPTH);
            a3 = a.fma(x3, a3);
            b3 = b.fma(x3, b3);
            FloatVector x4 = same(x, j + 4 * DEPTH);
            a4 = a.fma(x4, a4);
            b4 = b.fma(x4, b4);
            FloatVector x5 = same(x, j + 5 * DEPTH);
            a5 = a.fma(x5, a5);
            b5 = b.fma(x5, b5);
            VarHandle.loadLoadFence();
            FloatVector x6 = same(x, j + 6 * DEPTH);
            a6 = a.fma(x6, a6);
            b6 = b.fma(x6, b6);
            FloatVector aNext = load(w, v + 32);
            FloatVector bNext = load(w, v + 32 + HALF);
            FloatVector x0Next = same(x, j + 1);
            a0 = aNext.fma(x0Next, a0);
            b0 = bNext.fma(x0Next, b0);
            FloatVector x1Next = same(x, j + DEPTH + 1);
            a1 = aNext.fma(x1Next, a1);
            b1 = bNext.fma(x1Next, b1);
            FloatVector x2Next = same(x, j + 2 * DEPTH + 1);
            a2 = aNext.fma(x2Next, a2);
            b2 = bNext.fma(x2Next, b2);
            VarHandle.loadLoadFence();
            FloatVector x3Next = same(x, j + 3 * DEPTH + 1);
            a3 = aNext.fma(x3Next, a3);
            b3 = bNext.fma(x3Next, b3);
            FloatVector x4Next = same(x, j + 4 * DEPTH + 1);
            a4 = aNext.fma(x4Next, a4);
            b4 = bNext.fma(x4Next, b4);
            FloatVector x5Next = same(x, j + 5 * DEPTH + 1);
            a5 = aNext.fma(x5Next, a5);
            b5 = bNext.fma(x5Next, b5);
            VarHandle.loadLoadFence();
            FloatVector x6Next = same(x, j + 6 * DEPTH + 1);
            a6 = aNext.fma(x6Next, a6);
            b6 = bNext.fma(x6Next, b6);
        }
        int o = outOffset;
        FloatVector aBias = load(bias, biasOffset);
        FloatVector bBias = load(bias, biasOffset + HALF);
        a0.add(aBias).intoArray(out, o);
        b0.add(bBias).intoArray(out, o + HALF);
        o += outStride;
        a1.add(aBias).intoArray(out, o);
        b1.add(bBias).intoArray(out, o + HALF);
        o += outStride;
        a2.add(aBias).intoArray(out, o);
        b2.add(bBias).intoArray(out, o + HALF);
        o += outStride;
        a3.add(aBias).intoArray(out, o);
        b3.add(bBias).intoArray(out, o + HALF);
        o += outStride;
        a4.add(aBias).intoArray(out, o);
        b4.add(bBias).intoArray(out, o + HALF);
        o += outStride;
        a5.add(aBias).intoArray(out, o);
        b5.add(bBias).intoArray(out, o + HALF);
        o += outStride;
        a6.add(aBias).intoArray(out, o);
        b6.add(bBias).intoArray(out, o + HALF);
    }

    private static void tokens8(
            float[] w, int wOffset, int depth, float[] x, int xOffset, float[] in, int inOffset, int inStride,
            float[] bias, int biasOffset, float[] out, int outOffset, int outStride) {
        int i = inOffset;
        FloatVector a0 = load(in, i);
        FloatVector b0 = load(in, i + HALF);
        i += inStride;
        FloatVector a1 = load(in, i);
        FloatVector b1 = load(in, i + HALF);
        i += inStride;
        FloatVector a2 = load(in, i);
        FloatVector b2 = load(in, i + HALF);
        i += inStride;
        FloatVector a3 = load(in, i);
        FloatVector b3 = load(in, i + HALF);
        i += inStride;
        FloatVector a4 = load(in, i);
        FloatVector b4 = load(in, i + HALF);
        i += inStride;
        FloatVector a5 = load(in, i);
        FloatVector b5 = load(in, i + HALF);
        i += inStride;
        FloatVector a6 = load(in, i);
        FloatVector b6 = load(in, i + HALF);
        i += inStride;
        FloatVector a7 = load(in, i);
        FloatVector b7 = load(in, i + HALF);
        for (int k = 0; k + 1 < depth; k += 2) {
            int v = wOffset + 32 * k;
            int j = xOffset + k;
            FloatVector a = load(w, v);
            FloatVector b = load(w, v + HALF);
            FloatVector x0 = same(x, j);
            a0 = a.fma(x0, a0);
            b0 = b.fma(x0, b0);
            FloatVector x1 = same(x, j + DEPTH);
            a1 = a.fma(x1, a1);
            b1 = b.fma(x1, b1);
            FloatVector x2 = same(x, j + 2 * DEPTH);
            a2 = a.fma(x2, a2);
            b2 = b.fma(x2, b2);
            VarHandle.loadLoadFence();
            FloatVector x3 = same(x, j + 3 * DEPTH);
            a3 = a.fma(x3, a3);
            b3 = b.fma(x3, b3);
            FloatVector x4 = same(x, j + 4 * DEPTH);
            a4 = a.fma(x4, a4);
            b4 = b.fma(x4, b4);
            FloatVector x5 = same(x, j + 5 * DEPTH);
            a5 = a.fma(x5, a5);
            b5 = b.fma(x5, b5);
            VarHandle.loadLoadFence();
            FloatVector x6 = same(x, j + 6 * DEPTH);
            a6 = a.fma(x6, a6);
            b6 = b.fma(x6, b6);
            FloatVector x7 = same(x, j + 7 * DEPTH);
            a7 = a.fma(x7, a7);
            b7 = b.fma(x7, b7);
            FloatVector aNext = load(w, v + 32);
            FloatVector bNext = load(w, v + 32 + HALF);
            FloatVector x0Next = same(x, j + 1);
            a0 = aNext.fma(x0Next, a0);
            b0 = bNext.fma(x0Next, b0);
            FloatVector x1Next = same(x, j + DEPTH + 1);
            a1 = aNext.fma(x1Next, a1);
            b1 = bNext.fma(x1Next, b1);
            FloatVector x2Next = same(x, j + 2 * DEPTH + 1);
            a2 = aNext.fma(x2Next, a2);
            b2 = bNext.fma(x2Next, b2);
            VarHandle.loadLoadFence();
            FloatVector x3Next = same(x, j + 3 * DEPTH + 1);
            a3 = aNext.fma(x3Next, a3);
            b3 = bNext.fma(x3Next, b3);
            FloatVector x4Next = same(x, j + 4 * DEPTH + 1);
            a4 = aNext.fma(x4Next, a4);
            b4 = bNext.fma(x4Next, b4);
            FloatVector x5Next = same(x, j + 5 * DEPTH + 1);
            a5 = aNext.fma(x5Next, a5);
            b5 = bNext.fma(x5Next, b5);
            VarHandle.loadLoadFence();
            FloatVector x6Next = same(x, j + 6 * DEPTH + 1);
            a6 = aNext.fma(x6Next, a6);
            b6 = bNext.fma(x6Next, b6);
            FloatVector x7Next = same(x, j + 7 * DEPTH + 1);
            a7 = aNext.fma(x7Next, a7);
            b7 = bNext.fma(x7Next, b7);
        }
        int o = outOffset;
        FloatVector aBias = load(bias, biasOffset);
        FloatVector bBias = load(bias, biasOffset + HALF);
        a0.add(aBias).intoArray(out, o);
        b0.add(bBias).intoArray(out, o + HALF);
        o += outStride;
        a1.add(aBias).intoArray(out, o);
        b1.add(bBias).intoArray(out, o + HALF);
        o += outStride;
        a2.add(aBias).intoArray(out, o);
        b2.add(bBias).intoArray(out, o + HALF);
        o += outStride;
        a3.add(aBias).intoArray(out, o);
        b3.add(bBias).intoArray(out, o + HALF);
        o += outStride;
        a4.add(aBias).intoArray(out, o);
        b4.add(bBias).intoArray(out, o + HALF);
        o += outStride;
        a5.add(aBias).intoArray(out, o);
        b5.add(bBias).intoArray(out, o + HALF);
        o += outStride;
        a6.add(aBias).intoArray(out, o);
        b6.add(bBias).intoArray(out, o + HALF);
        o += outStride;
        a7.add(aBias).intoArray(out, o);
        b7.add(bBias).intoArray(out, o + HALF);
    }
}
