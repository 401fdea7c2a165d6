package dev.mme5.engine.kernel.panels.near;

import dev.mme5.engine.kernel.panels.tiles.PanelTiles;
import dev.mme5.engine.kernel.simd.Species;
import java.lang.invoke.VarHandle;
import jdk.incubator.vector.FloatVector;

/** Register tiles of chunks of 1 to 5 tokens, written by {@code TileSource}; {@link PanelTiles} explains them. */
final class ChunkTiles1To5 {
    private static final int HALF = PanelTiles.HALF;
    private static final int DEPTH = PanelTiles.CHUNK_DEPTH;

    private ChunkTiles1To5() {}

    static void multiply(
            int tokens, float[] w, int wOffset, int depth, float[] x, int xOffset, float[] in, int inOffset, int inStride,
            float[] bias, int biasOffset, float[] out, int outOffset, int outStride) {
        switch (tokens) {
            case 1 -> tokens1(w, wOffset, depth, x, xOffset, in, inOffset, inStride, bias, biasOffset, out, outOffset, outStride);
            case 2 -> tokens2(w, wOffset, depth, x, xOffset, in, inOffset, inStride, bias, biasOffset, out, outOffset, outStride);
            case 3 -> tokens3(w, wOffset, depth, x, xOffset, in, inOffset, inStride, bias, biasOffset, out, outOffset, outStride);
            case 4 -> tokens4(w, wOffset, depth, x, xOffset, in, inOffset, inStride, bias, biasOffset, out, outOffset, outStride);
            default -> tokens5(w, wOffset, depth, x, xOffset, in, inOffset, inStride, bias, biasOffset, out, outOffset, outStride);
        }
    }

    private static FloatVector load(float[] a, int i) {
        return FloatVector.fromArray(Species.FLOAT, a, i);
    }

    private static FloatVector same(float[] a, int i) {
        return FloatVector.broadcast(Species.FLOAT, a[i]);
    }

    private static void tokens1(
            float[] w, int wOffset, int depth, float[] x, int xOffset, float[] in, int inOffset, int inStride,
            float[] bias, int biasOffset, float[] out, int outOffset, int outStride) {
        int i = inOffset;
        FloatVector a0 = load(in, i);
        FloatVector b0 = load(in, i + HALF);
        for (int k = 0; k + 1 < depth; k += 2) {
            int v = wOffset + 32 * k;
            int j = xOffset + k;
            FloatVector a = load(w, v);
            FloatVector b = load(w, v + HALF);
            FloatVector x0 = same(x, j);
            a0 = a.fma(x0, a0);
            b0 = b.fma(x0, b0);
            FloatVector aNext = load(w, v + 32);
            FloatVector bNext = load(w, v + 32 + HALF);
            FloatVector x0Next = same(x, j + 1);
            a0 = aNext.fma(x0Next, a0);
            b0 = bNext.fma(x0Next, b0);
        }
        int o = outOffset;
        FloatVector aBias = load(bias, biasOffset);
        FloatVector bBias = load(bias, biasOffset + HALF);
        a0.add(aBias).intoArray(out, o);
        b0.add(bBias).intoArray(out, o + HALF);
    }

    private static void tokens2(
            float[] w, int wOffset, int depth, float[] x, int xOffset, float[] in, int inOffset, int inStride,
            float[] bias, int biasOffset, float[] out, int outOffset, int outStride) {
        int i = inOffset;
        FloatVector a0 = load(in, i);
        FloatVector b0 = load(in, i + HALF);
        i += inStride;
        FloatVector a1 = load(in, i);
        FloatVector b1 = load(in, i + HALF);
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
            FloatVector aNext = load(w, v + 32);
            FloatVector bNext = load(w, v + 32 + HALF);
            FloatVector x0Next = same(x, j + 1);
            a0 = aNext.fma(x0Next, a0);
            b0 = bNext.fma(x0Next, b0);
            FloatVector x1Next = same(x, j + DEPTH + 1);
            a1 = aNext.fma(x1Next, a1);
            b1 = bNext.fma(x1Next, b1);
        }
        int o = outOffset;
        FloatVector aBias = load(bias, biasOffset);
        FloatVector bBias = load(bias, biasOffset + HALF);
        a0.add(aBias).intoArray(out, o);
        b0.add(bBias).intoArray(out, o + HALF);
        o += outStride;
        a1.add(aBias).intoArray(out, o);
        b1.add(bBias).intoArray(out, o + HALF);
    }

    private static void tokens3(
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
    }

    private static void tokens4(
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
    }

    private static void tokens5(
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
    }
}
