package dev.mme5.engine.kernel.panels.tiles;

import dev.mme5.engine.kernel.simd.Species;
import jdk.incubator.vector.FloatVector;

/** Register tiles of near float32 panels and 1 to 8 tokens, written by {@code TileSource}; {@link PanelTiles} explains them. */
public final class NearTiles1To8 {
    private static final int HALF = PanelTiles.HALF;
    private static final int DEPTH = PanelTiles.NEAR_DEPTH;

    private NearTiles1To8() {}

    public static void multiply(
            int tokens, float[] w, int wOffset, int depth, float[] x, int xOffset, float[] in, int inOffset, int inStride,
            float[] bias, int biasOffset, float[] out, int outOffset, int outStride) {
        switch (tokens) {
            case 1 -> tokens1(w, wOffset, depth, x, xOffset, in, inOffset, inStride, bias, biasOffset, out, outOffset, outStride);
            case 2 -> tokens2(w, wOffset, depth, x, xOffset, in, inOffset, inStride, bias, biasOffset, out, outOffset, outStride);
            case 3 -> tokens3(w, wOffset, depth, x, xOffset, in, inOffset, inStride, bias, biasOffset, out, outOffset, outStride);
            case 4 -> tokens4(w, wOffset, depth, x, xOffset, in, inOffset, inStride, bias, biasOffset, out, outOffset, outStride);
            case 5 -> tokens5(w, wOffset, depth, x, xOffset, in, inOffset, inStride, bias, biasOffset, out, outOffset, outStride);
            case 6 -> tokens6(w, wOffset, depth, x, xOffset, in, inOffset, inStride, bias, biasOffset, out, outOffset, outStride);
            case 7 -> tokens7(w, wOffset, depth, x, xOffset, in, inOffset, inStride, bias, biasOffset, out, outOffset, outStride);
            default -> tokens8(w, wOffset, depth, x, xOffset, in, inOffset, inStride, bias, biasOffset, out, outOffset, outStride);
        }
    }

    private static void tokens1(
            float[] w, int wOffset, int depth, float[] x, int xOffset, float[] in, int inOffset, int inStride,
            float[] bias, int biasOffset, float[] out, int outOffset, int outStride) {
        FloatVector a0 = FloatVector.fromArray(Species.FLOAT, in, inOffset);
        FloatVector b0 = FloatVector.fromArray(Species.FLOAT, in, inOffset + HALF);
        int base = wOffset - 32 * xOffset;
        for (int k = xOffset; k < xOffset + depth; k++) {
            FloatVector a = FloatVector.fromArray(Species.FLOAT, w, base + 32 * k);
            FloatVector b = FloatVector.fromArray(Species.FLOAT, w, base + 32 * k + HALF);
            FloatVector x0 = FloatVector.broadcast(Species.FLOAT, x[k]);
            a0 = a.fma(x0, a0);
            b0 = b.fma(x0, b0);
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
        int base = wOffset - 32 * xOffset;
        for (int k = xOffset; k < xOffset + depth; k++) {
            FloatVector a = FloatVector.fromArray(Species.FLOAT, w, base + 32 * k);
            FloatVector b = FloatVector.fromArray(Species.FLOAT, w, base + 32 * k + HALF);
            FloatVector x0 = FloatVector.broadcast(Species.FLOAT, x[k]);
            a0 = a.fma(x0, a0);
            b0 = b.fma(x0, b0);
            FloatVector x1 = FloatVector.broadcast(Species.FLOAT, x[k + DEPTH]);
            a1 = a.fma(x1, a1);
            b1 = b.fma(x1, b1);
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
        int base = wOffset - 32 * xOffset;
        for (int k = xOffset; k < xOffset + depth; k++) {
            FloatVector a = FloatVector.fromArray(Species.FLOAT, w, base + 32 * k);
            FloatVector b = FloatVector.fromArray(Species.FLOAT, w, base + 32 * k + HALF);
            FloatVector x0 = FloatVector.broadcast(Species.FLOAT, x[k]);
            a0 = a.fma(x0, a0);
            b0 = b.fma(x0, b0);
            FloatVector x1 = FloatVector.broadcast(Species.FLOAT, x[k + DEPTH]);
            a1 = a.fma(x1, a1);
            b1 = b.fma(x1, b1);
            FloatVector x2 = FloatVector.broadcast(Species.FLOAT, x[k + 2 * DEPTH]);
            a2 = a.fma(x2, a2);
            b2 = b.fma(x2, b2);
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
        int base = wOffset - 32 * xOffset;
        for (int k = xOffset; k < xOffset + depth; k++) {
            FloatVector a = FloatVector.fromArray(Species.FLOAT, w, base + 32 * k);
            FloatVector b = FloatVector.fromArray(Species.FLOAT, w, base + 32 * k + HALF);
            FloatVector x0 = FloatVector.broadcast(Species.FLOAT, x[k]);
            a0 = a.fma(x0, a0);
            b0 = b.fma(x0, b0);
            FloatVector x1 = FloatVector.broadcast(Species.FLOAT, x[k + DEPTH]);
            a1 = a.fma(x1, a1);
            b1 = b.fma(x1, b1);
            FloatVector x2 = FloatVector.broadcast(Species.FLOAT, x[k + 2 * DEPTH]);
            a2 = a.fma(x2, a2);
            b2 = b.fma(x2, b2);
            FloatVector x3 = FloatVector.broadcast(Species.FLOAT, x[k + 3 * DEPTH]);
            a3 = a.fma(x3, a3);
            b3 = b.fma(x3, b3);
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
        int base = wOffset - 32 * xOffset;
        for (int k = xOffset; k < xOffset + depth; k++) {
            FloatVector a = FloatVector.fromArray(Species.FLOAT, w, base + 32 * k);
            FloatVector b = FloatVector.fromArray(Species.FLOAT, w, base + 32 * k + HALF);
            FloatVector x0 = FloatVector.broadcast(Species.FLOAT, x[k]);
            a0 = a.fma(x0, a0);
            b0 = b.fma(x0, b0);
            FloatVector x1 = FloatVector.broadcast(Species.FLOAT, x[k + DEPTH]);
            a1 = a.fma(x1, a1);
            b1 = b.fma(x1, b1);
            FloatVector x2 = FloatVector.broadcast(Species.FLOAT, x[k + 2 * DEPTH]);
            a2 = a.fma(x2, a2);
            b2 = b.fma(x2, b2);
            FloatVector x3 = FloatVector.broadcast(Species.FLOAT, x[k + 3 * DEPTH]);
            a3 = a.fma(x3, a3);
            b3 = b.fma(x3, b3);
            FloatVector x4 = FloatVector.broadcast(Species.FLOAT, x[k + 4 * DEPTH]);
            a4 = a.fma(x4, a4);
            b4 = b.fma(x4, b4);
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

    private static void tokens6(
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
        FloatVector a5 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 5 * inStride);
        FloatVector b5 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 5 * inStride + HALF);
        int base = wOffset - 32 * xOffset;
        for (int k = xOffset; k < xOffset + depth; k++) {
            FloatVector a = FloatVector.fromArray(Species.FLOAT, w, base + 32 * k);
            FloatVector b = FloatVector.fromArray(Species.FLOAT, w, base + 32 * k + HALF);
            FloatVector x0 = FloatVector.broadcast(Species.FLOAT, x[k]);
            a0 = a.fma(x0, a0);
            b0 = b.fma(x0, b0);
            FloatVector x1 = FloatVector.broadcast(Species.FLOAT, x[k + DEPTH]);
            a1 = a.fma(x1, a1);
            b1 = b.fma(x1, b1);
            FloatVector x2 = FloatVector.broadcast(Species.FLOAT, x[k + 2 * DEPTH]);
            a2 = a.fma(x2, a2);
            b2 = b.fma(x2, b2);
            FloatVector x3 = FloatVector.broadcast(Species.FLOAT, x[k + 3 * DEPTH]);
            a3 = a.fma(x3, a3);
            b3 = b.fma(x3, b3);
            FloatVector x4 = FloatVector.broadcast(Species.FLOAT, x[k + 4 * DEPTH]);
            a4 = a.fma(x4, a4);
            b4 = b.fma(x4, b4);
            FloatVector x5 = FloatVector.broadcast(Species.FLOAT, x[k + 5 * DEPTH]);
            a5 = a.fma(x5, a5);
            b5 = b.fma(x5, b5);
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
        a5.add(aBias).intoArray(out, outOffset + 5 * outStride);
        b5.add(bBias).intoArray(out, outOffset + 5 * outStride + HALF);
    }

    private static void tokens7(
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
        FloatVector a5 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 5 * inStride);
        FloatVector b5 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 5 * inStride + HALF);
        FloatVector a6 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 6 * inStride);
        FloatVector b6 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 6 * inStride + HALF);
        int base = wOffset - 32 * xOffset;
        for (int k = xOffset; k < xOffset + depth; k++) {
            FloatVector a = FloatVector.fromArray(Species.FLOAT, w, base + 32 * k);
            FloatVector b = FloatVector.fromArray(Species.FLOAT, w, base + 32 * k + HALF);
            FloatVector x0 = FloatVector.broadcast(Species.FLOAT, x[k]);
            a0 = a.fma(x0, a0);
            b0 = b.fma(x0, b0);
            FloatVector x1 = FloatVector.broadcast(Species.FLOAT, x[k + DEPTH]);
            a1 = a.fma(x1, a1);
            b1 = b.fma(x1, b1);
            FloatVector x2 = FloatVector.broadcast(Species.FLOAT, x[k + 2 * DEPTH]);
            a2 = a.fma(x2, a2);
            b2 = b.fma(x2, b2);
            FloatVector x3 = FloatVector.broadcast(Species.FLOAT, x[k + 3 * DEPTH]);
            a3 = a.fma(x3, a3);
            b3 = b.fma(x3, b3);
            FloatVector x4 = FloatVector.broadcast(Species.FLOAT, x[k + 4 * DEPTH]);
            a4 = a.fma(x4, a4);
            b4 = b.fma(x4, b4);
            FloatVector x5 = FloatVector.broadcast(Species.FLOAT, x[k + 5 * DEPTH]);
            a5 = a.fma(x5, a5);
            b5 = b.fma(x5, b5);
            FloatVector x6 = FloatVector.broadcast(Species.FLOAT, x[k + 6 * DEPTH]);
            a6 = a.fma(x6, a6);
            b6 = b.fma(x6, b6);
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
        a5.add(aBias).intoArray(out, outOffset + 5 * outStride);
        b5.add(bBias).intoArray(out, outOffset + 5 * outStride + HALF);
        a6.add(aBias).intoArray(out, outOffset + 6 * outStride);
        b6.add(bBias).intoArray(out, outOffset + 6 * outStride + HALF);
    }

    private static void tokens8(
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
        FloatVector a5 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 5 * inStride);
        FloatVector b5 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 5 * inStride + HALF);
        FloatVector a6 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 6 * inStride);
        FloatVector b6 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 6 * inStride + HALF);
        FloatVector a7 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 7 * inStride);
        FloatVector b7 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 7 * inStride + HALF);
        int base = wOffset - 32 * xOffset;
        for (int k = xOffset; k < xOffset + depth; k++) {
            FloatVector a = FloatVector.fromArray(Species.FLOAT, w, base + 32 * k);
            FloatVector b = FloatVector.fromArray(Species.FLOAT, w, base + 32 * k + HALF);
            FloatVector x0 = FloatVector.broadcast(Species.FLOAT, x[k]);
            a0 = a.fma(x0, a0);
            b0 = b.fma(x0, b0);
            FloatVector x1 = FloatVector.broadcast(Species.FLOAT, x[k + DEPTH]);
            a1 = a.fma(x1, a1);
            b1 = b.fma(x1, b1);
            FloatVector x2 = FloatVector.broadcast(Species.FLOAT, x[k + 2 * DEPTH]);
            a2 = a.fma(x2, a2);
            b2 = b.fma(x2, b2);
            FloatVector x3 = FloatVector.broadcast(Species.FLOAT, x[k + 3 * DEPTH]);
            a3 = a.fma(x3, a3);
            b3 = b.fma(x3, b3);
            FloatVector x4 = FloatVector.broadcast(Species.FLOAT, x[k + 4 * DEPTH]);
            a4 = a.fma(x4, a4);
            b4 = b.fma(x4, b4);
            FloatVector x5 = FloatVector.broadcast(Species.FLOAT, x[k + 5 * DEPTH]);
            a5 = a.fma(x5, a5);
            b5 = b.fma(x5, b5);
            FloatVector x6 = FloatVector.broadcast(Species.FLOAT, x[k + 6 * DEPTH]);
            a6 = a.fma(x6, a6);
            b6 = b.fma(x6, b6);
            FloatVector x7 = FloatVector.broadcast(Species.FLOAT, x[k + 7 * DEPTH]);
            a7 = a.fma(x7, a7);
            b7 = b.fma(x7, b7);
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
        a5.add(aBias).intoArray(out, outOffset + 5 * outStride);
        b5.add(bBias).intoArray(out, outOffset + 5 * outStride + HALF);
        a6.add(aBias).intoArray(out, outOffset + 6 * outStride);
        b6.add(bBias).intoArray(out, outOffset + 6 * outStride + HALF);
        a7.add(aBias).intoArray(out, outOffset + 7 * outStride);
        b7.add(bBias).intoArray(out, outOffset + 7 * outStride + HALF);
    }
}
