package dev.mme5.engine.kernel.panels.tiles;

import dev.mme5.engine.kernel.simd.Species;
import java.lang.invoke.VarHandle;
import jdk.incubator.vector.FloatVector;

/** Register tiles of near float32 panels and 1 to 5 tokens, written by {@code TileSource}; {@link PanelTiles} explains them. */
public final class NearTiles1To5 {
    private static final int HALF = PanelTiles.HALF;
    private static final int DEPTH = PanelTiles.NEAR_DEPTH;

    private NearTiles1To5() {}

    public static void multiply(
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

    private static void tokens1(
            float[] w, int wOffset, int depth, float[] x, int xOffset, float[] in, int inOffset, int inStride,
            float[] bias, int biasOffset, float[] out, int outOffset, int outStride) {
        FloatVector a0 = FloatVector.fromArray(Species.FLOAT, in, inOffset);
        FloatVector b0 = FloatVector.fromArray(Species.FLOAT, in, inOffset + HALF);
        int k = 0;
        for (; k + 2 < depth; k += 3) {
            FloatVector a_0 = FloatVector.fromArray(Species.FLOAT, w, wOffset + 32 * k);
            FloatVector b_0 = FloatVector.fromArray(Species.FLOAT, w, wOffset + 32 * k + HALF);
            FloatVector x0_0 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k]);
            a0 = a_0.fma(x0_0, a0);
            b0 = b_0.fma(x0_0, b0);
            FloatVector a_1 = FloatVector.fromArray(Species.FLOAT, w, wOffset + 32 * k + 32);
            FloatVector b_1 = FloatVector.fromArray(Species.FLOAT, w, wOffset + 32 * k + 32 + HALF);
            FloatVector x0_1 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k + 1]);
            a0 = a_1.fma(x0_1, a0);
            b0 = b_1.fma(x0_1, b0);
            FloatVector a_2 = FloatVector.fromArray(Species.FLOAT, w, wOffset + 32 * k + 64);
            FloatVector b_2 = FloatVector.fromArray(Species.FLOAT, w, wOffset + 32 * k + 64 + HALF);
            FloatVector x0_2 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k + 2]);
            a0 = a_2.fma(x0_2, a0);
            b0 = b_2.fma(x0_2, b0);
        }
        FloatVector aBias = FloatVector.fromArray(Species.FLOAT, bias, biasOffset);
        FloatVector bBias = FloatVector.fromArray(Species.FLOAT, bias, biasOffset + HALF);
        a0.add(aBias).intoArray(out, outOffset);
        b0.add(bBias).intoArray(out, outOffset + HALF);
    }

    private static void tokens2(
            float[] w, int wOffset, int depth, float[] x, int xOffset, float[] in, int inOffset, int inStride,
            float[] bias, int biasOffset, float[] out, int outOffset, int outStride) {
        FloatVector a0 = FloatVector.fromArray(Species.FLOAT, in, inOffset);
        FloatVector b0 = FloatVector.fromArray(Species.FLOAT, in, inOffset + HALF);
        FloatVector a1 = FloatVector.fromArray(Species.FLOAT, in, inOffset + inStride);
        FloatVector b1 = FloatVector.fromArray(Species.FLOAT, in, inOffset + inStride + HALF);
        int k = 0;
        for (; k + 2 < depth; k += 3) {
            FloatVector a_0 = FloatVector.fromArray(Species.FLOAT, w, wOffset + 32 * k);
            FloatVector b_0 = FloatVector.fromArray(Species.FLOAT, w, wOffset + 32 * k + HALF);
            FloatVector x0_0 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k]);
            a0 = a_0.fma(x0_0, a0);
            b0 = b_0.fma(x0_0, b0);
            FloatVector x1_0 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k + DEPTH]);
            a1 = a_0.fma(x1_0, a1);
            b1 = b_0.fma(x1_0, b1);
            FloatVector a_1 = FloatVector.fromArray(Species.FLOAT, w, wOffset + 32 * k + 32);
            FloatVector b_1 = FloatVector.fromArray(Species.FLOAT, w, wOffset + 32 * k + 32 + HALF);
            FloatVector x0_1 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k + 1]);
            a0 = a_1.fma(x0_1, a0);
            b0 = b_1.fma(x0_1, b0);
            FloatVector x1_1 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k + DEPTH + 1]);
            a1 = a_1.fma(x1_1, a1);
            b1 = b_1.fma(x1_1, b1);
            FloatVector a_2 = FloatVector.fromArray(Species.FLOAT, w, wOffset + 32 * k + 64);
            FloatVector b_2 = FloatVector.fromArray(Species.FLOAT, w, wOffset + 32 * k + 64 + HALF);
            FloatVector x0_2 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k + 2]);
            a0 = a_2.fma(x0_2, a0);
            b0 = b_2.fma(x0_2, b0);
            FloatVector x1_2 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k + DEPTH + 2]);
            a1 = a_2.fma(x1_2, a1);
            b1 = b_2.fma(x1_2, b1);
        }
        FloatVector aBias = FloatVector.fromArray(Species.FLOAT, bias, biasOffset);
        FloatVector bBias = FloatVector.fromArray(Species.FLOAT, bias, biasOffset + HALF);
        a0.add(aBias).intoArray(out, outOffset);
        b0.add(bBias).intoArray(out, outOffset + HALF);
        a1.add(aBias).intoArray(out, outOffset + outStride);
        b1.add(bBias).intoArray(out, outOffset + outStride + HALF);
    }

    private static void tokens3(
            float[] w, int wOffset, int depth, float[] x, int xOffset, float[] in, int inOffset, int inStride,
            float[] bias, int biasOffset, float[] out, int outOffset, int outStride) {
        FloatVector a0 = FloatVector.fromArray(Species.FLOAT, in, inOffset);
        FloatVector b0 = FloatVector.fromArray(Species.FLOAT, in, inOffset + HALF);
        FloatVector a1 = FloatVector.fromArray(Species.FLOAT, in, inOffset + inStride);
        FloatVector b1 = FloatVector.fromArray(Species.FLOAT, in, inOffset + inStride + HALF);
        FloatVector a2 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 2 * inStride);
        FloatVector b2 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 2 * inStride + HALF);
        int k = 0;
        for (; k + 2 < depth; k += 3) {
            FloatVector a_0 = FloatVector.fromArray(Species.FLOAT, w, wOffset + 32 * k);
            FloatVector b_0 = FloatVector.fromArray(Species.FLOAT, w, wOffset + 32 * k + HALF);
            FloatVector x0_0 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k]);
            a0 = a_0.fma(x0_0, a0);
            b0 = b_0.fma(x0_0, b0);
            FloatVector x1_0 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k + DEPTH]);
            a1 = a_0.fma(x1_0, a1);
            b1 = b_0.fma(x1_0, b1);
            FloatVector x2_0 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k + 2 * DEPTH]);
            a2 = a_0.fma(x2_0, a2);
            b2 = b_0.fma(x2_0, b2);
            VarHandle.loadLoadFence();
            FloatVector a_1 = FloatVector.fromArray(Species.FLOAT, w, wOffset + 32 * k + 32);
            FloatVector b_1 = FloatVector.fromArray(Species.FLOAT, w, wOffset + 32 * k + 32 + HALF);
            FloatVector x0_1 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k + 1]);
            a0 = a_1.fma(x0_1, a0);
            b0 = b_1.fma(x0_1, b0);
            FloatVector x1_1 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k + DEPTH + 1]);
            a1 = a_1.fma(x1_1, a1);
            b1 = b_1.fma(x1_1, b1);
            FloatVector x2_1 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k + 2 * DEPTH + 1]);
            a2 = a_1.fma(x2_1, a2);
            b2 = b_1.fma(x2_1, b2);
            VarHandle.loadLoadFence();
            FloatVector a_2 = FloatVector.fromArray(Species.FLOAT, w, wOffset + 32 * k + 64);
            FloatVector b_2 = FloatVector.fromArray(Species.FLOAT, w, wOffset + 32 * k + 64 + HALF);
            FloatVector x0_2 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k + 2]);
            a0 = a_2.fma(x0_2, a0);
            b0 = b_2.fma(x0_2, b0);
            FloatVector x1_2 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k + DEPTH + 2]);
            a1 = a_2.fma(x1_2, a1);
            b1 = b_2.fma(x1_2, b1);
            FloatVector x2_2 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k + 2 * DEPTH + 2]);
            a2 = a_2.fma(x2_2, a2);
            b2 = b_2.fma(x2_2, b2);
            VarHandle.loadLoadFence();
        }
        FloatVector aBias = FloatVector.fromArray(Species.FLOAT, bias, biasOffset);
        FloatVector bBias = FloatVector.fromArray(Species.FLOAT, bias, biasOffset + HALF);
        a0.add(aBias).intoArray(out, outOffset);
        b0.add(bBias).intoArray(out, outOffset + HALF);
        a1.add(aBias).intoArray(out, outOffset + outStride);
        b1.add(bBias).intoArray(out, outOffset + outStride + HALF);
        a2.add(aBias).intoArray(out, outOffset + 2 * outStride);
        b2.add(bBias).intoArray(out, outOffset + 2 * outStride + HALF);
    }

    private static void tokens4(
            float[] w, int wOffset, int depth, float[] x, int xOffset, float[] in, int inOffset, int inStride,
            float[] bias, int biasOffset, float[] out, int outOffset, int outStride) {
        FloatVector a0 = FloatVector.fromArray(Species.FLOAT, in, inOffset);
        FloatVector b0 = FloatVector.fromArray(Species.FLOAT, in, inOffset + HALF);
        FloatVector a1 = FloatVector.fromArray(Species.FLOAT, in, inOffset + inStride);
        FloatVector b1 = FloatVector.fromArray(Species.FLOAT, in, inOffset + inStride + HALF);
        FloatVector a2 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 2 * inStride);
        FloatVector b2 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 2 * inStride + HALF);
        FloatVector a3 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 3 * inStride);
        FloatVector b3 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 3 * inStride + HALF);
        int k = 0;
        for (; k + 2 < depth; k += 3) {
            FloatVector a_0 = FloatVector.fromArray(Species.FLOAT, w, wOffset + 32 * k);
            FloatVector b_0 = FloatVector.fromArray(Species.FLOAT, w, wOffset + 32 * k + HALF);
            FloatVector x0_0 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k]);
            a0 = a_0.fma(x0_0, a0);
            b0 = b_0.fma(x0_0, b0);
            FloatVector x1_0 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k + DEPTH]);
            a1 = a_0.fma(x1_0, a1);
            b1 = b_0.fma(x1_0, b1);
            FloatVector x2_0 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k + 2 * DEPTH]);
            a2 = a_0.fma(x2_0, a2);
            b2 = b_0.fma(x2_0, b2);
            VarHandle.loadLoadFence();
            FloatVector x3_0 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k + 3 * DEPTH]);
            a3 = a_0.fma(x3_0, a3);
            b3 = b_0.fma(x3_0, b3);
            FloatVector a_1 = FloatVector.fromArray(Species.FLOAT, w, wOffset + 32 * k + 32);
            FloatVector b_1 = FloatVector.fromArray(Species.FLOAT, w, wOffset + 32 * k + 32 + HALF);
            FloatVector x0_1 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k + 1]);
            a0 = a_1.fma(x0_1, a0);
            b0 = b_1.fma(x0_1, b0);
            FloatVector x1_1 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k + DEPTH + 1]);
            a1 = a_1.fma(x1_1, a1);
            b1 = b_1.fma(x1_1, b1);
            FloatVector x2_1 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k + 2 * DEPTH + 1]);
            a2 = a_1.fma(x2_1, a2);
            b2 = b_1.fma(x2_1, b2);
            VarHandle.loadLoadFence();
            FloatVector x3_1 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k + 3 * DEPTH + 1]);
            a3 = a_1.fma(x3_1, a3);
            b3 = b_1.fma(x3_1, b3);
            FloatVector a_2 = FloatVector.fromArray(Species.FLOAT, w, wOffset + 32 * k + 64);
            FloatVector b_2 = FloatVector.fromArray(Species.FLOAT, w, wOffset + 32 * k + 64 + HALF);
            FloatVector x0_2 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k + 2]);
            a0 = a_2.fma(x0_2, a0);
            b0 = b_2.fma(x0_2, b0);
            FloatVector x1_2 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k + DEPTH + 2]);
            a1 = a_2.fma(x1_2, a1);
            b1 = b_2.fma(x1_2, b1);
            FloatVector x2_2 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k + 2 * DEPTH + 2]);
            a2 = a_2.fma(x2_2, a2);
            b2 = b_2.fma(x2_2, b2);
            VarHandle.loadLoadFence();
            FloatVector x3_2 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k + 3 * DEPTH + 2]);
            a3 = a_2.fma(x3_2, a3);
            b3 = b_2.fma(x3_2, b3);
        }
        FloatVector aBias = FloatVector.fromArray(Species.FLOAT, bias, biasOffset);
        FloatVector bBias = FloatVector.fromArray(Species.FLOAT, bias, biasOffset + HALF);
        a0.add(aBias).intoArray(out, outOffset);
        b0.add(bBias).intoArray(out, outOffset + HALF);
        a1.add(aBias).intoArray(out, outOffset + outStride);
        b1.add(bBias).intoArray(out, outOffset + outStride + HALF);
        a2.add(aBias).intoArray(out, outOffset + 2 * outStride);
        b2.add(bBias).intoArray(out, outOffset + 2 * outStride + HALF);
        a3.add(aBias).intoArray(out, outOffset + 3 * outStride);
        b3.add(bBias).intoArray(out, outOffset + 3 * outStride + HALF);
    }

    private static void tokens5(
            float[] w, int wOffset, int depth, float[] x, int xOffset, float[] in, int inOffset, int inStride,
            float[] bias, int biasOffset, float[] out, int outOffset, int outStride) {
        FloatVector a0 = FloatVector.fromArray(Species.FLOAT, in, inOffset);
        FloatVector b0 = FloatVector.fromArray(Species.FLOAT, in, inOffset + HALF);
        FloatVector a1 = FloatVector.fromArray(Species.FLOAT, in, inOffset + inStride);
        FloatVector b1 = FloatVector.fromArray(Species.FLOAT, in, inOffset + inStride + HALF);
        FloatVector a2 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 2 * inStride);
        FloatVector b2 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 2 * inStride + HALF);
        FloatVector a3 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 3 * inStride);
        FloatVector b3 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 3 * inStride + HALF);
        FloatVector a4 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 4 * inStride);
        FloatVector b4 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 4 * inStride + HALF);
        int k = 0;
        for (; k + 2 < depth; k += 3) {
            FloatVector a_0 = FloatVector.fromArray(Species.FLOAT, w, wOffset + 32 * k);
            FloatVector b_0 = FloatVector.fromArray(Species.FLOAT, w, wOffset + 32 * k + HALF);
            FloatVector x0_0 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k]);
            a0 = a_0.fma(x0_0, a0);
            b0 = b_0.fma(x0_0, b0);
            FloatVector x1_0 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k + DEPTH]);
            a1 = a_0.fma(x1_0, a1);
            b1 = b_0.fma(x1_0, b1);
            FloatVector x2_0 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k + 2 * DEPTH]);
            a2 = a_0.fma(x2_0, a2);
            b2 = b_0.fma(x2_0, b2);
            VarHandle.loadLoadFence();
            FloatVector x3_0 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k + 3 * DEPTH]);
            a3 = a_0.fma(x3_0, a3);
            b3 = b_0.fma(x3_0, b3);
            FloatVector x4_0 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k + 4 * DEPTH]);
            a4 = a_0.fma(x4_0, a4);
            b4 = b_0.fma(x4_0, b4);
            FloatVector a_1 = FloatVector.fromArray(Species.FLOAT, w, wOffset + 32 * k + 32);
            FloatVector b_1 = FloatVector.fromArray(Species.FLOAT, w, wOffset + 32 * k + 32 + HALF);
            FloatVector x0_1 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k + 1]);
            a0 = a_1.fma(x0_1, a0);
            b0 = b_1.fma(x0_1, b0);
            FloatVector x1_1 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k + DEPTH + 1]);
            a1 = a_1.fma(x1_1, a1);
            b1 = b_1.fma(x1_1, b1);
            FloatVector x2_1 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k + 2 * DEPTH + 1]);
            a2 = a_1.fma(x2_1, a2);
            b2 = b_1.fma(x2_1, b2);
            VarHandle.loadLoadFence();
            FloatVector x3_1 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k + 3 * DEPTH + 1]);
            a3 = a_1.fma(x3_1, a3);
            b3 = b_1.fma(x3_1, b3);
            FloatVector x4_1 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k + 4 * DEPTH + 1]);
            a4 = a_1.fma(x4_1, a4);
            b4 = b_1.fma(x4_1, b4);
            FloatVector a_2 = FloatVector.fromArray(Species.FLOAT, w, wOffset + 32 * k + 64);
            FloatVector b_2 = FloatVector.fromArray(Species.FLOAT, w, wOffset + 32 * k + 64 + HALF);
            FloatVector x0_2 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k + 2]);
            a0 = a_2.fma(x0_2, a0);
            b0 = b_2.fma(x0_2, b0);
            FloatVector x1_2 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k + DEPTH + 2]);
            a1 = a_2.fma(x1_2, a1);
            b1 = b_2.fma(x1_2, b1);
            FloatVector x2_2 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k + 2 * DEPTH + 2]);
            a2 = a_2.fma(x2_2, a2);
            b2 = b_2.fma(x2_2, b2);
            VarHandle.loadLoadFence();
            FloatVector x3_2 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k + 3 * DEPTH + 2]);
            a3 = a_2.fma(x3_2, a3);
            b3 = b_2.fma(x3_2, b3);
            FloatVector x4_2 = FloatVector.broadcast(Species.FLOAT, x[xOffset + k + 4 * DEPTH + 2]);
            a4 = a_2.fma(x4_2, a4);
            b4 = b_2.fma(x4_2, b4);
        }
        FloatVector aBias = FloatVector.fromArray(Species.FLOAT, bias, biasOffset);
        FloatVector bBias = FloatVector.fromArray(Species.FLOAT, bias, biasOffset + HALF);
        a0.add(aBias).intoArray(out, outOffset);
        b0.add(bBias).intoArray(out, outOffset + HALF);
        a1.add(aBias).intoArray(out, outOffset + outStride);
        b1.add(bBias).intoArray(out, outOffset + outStride + HALF);
        a2.add(aBias).intoArray(out, outOffset + 2 * outStride);
        b2.add(bBias).intoArray(out, outOffset + 2 * outStride + HALF);
        a3.add(aBias).intoArray(out, outOffset + 3 * outStride);
        b3.add(bBias).intoArray(out, outOffset + 3 * outStride + HALF);
        a4.add(aBias).intoArray(out, outOffset + 4 * outStride);
        b4.add(bBias).intoArray(out, outOffset + 4 * outStride + HALF);
    }
}
