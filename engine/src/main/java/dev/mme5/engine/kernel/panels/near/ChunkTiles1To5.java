package dev.mme5.engine.kernel.panels.near;

import dev.mme5.engine.kernel.panels.tiles.PanelTiles;
import dev.mme5.engine.kernel.simd.Species;
import java.lang.invoke.VarHandle;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Register tiles of chunks of 1 to 5 tokens, written by {@code TileSource}; {@link PanelTiles} explains them. */
final class ChunkTiles1To5 {
    private static final int HALF = PanelTiles.HALF;
    private static final int DEPTH = PanelTiles.CHUNK_DEPTH;

    private ChunkTiles1To5() {}

    static void multiply(
            int tokens, float[] w, int wOffset, int depth, float[] x, int xOffset, float[] in, int inOffset, int inStride,
            float[] bias, int biasOffset, float[] out, int outOffset, int outStride) {
        int end = wOffset + 32 * depth;
        switch (tokens) {
            case 1 -> tokens1(x, in, out, xOffset, w, wOffset, end, inOffset, inStride, bias, biasOffset, outOffset, outStride);
            case 2 -> tokens2(x, in, out, xOffset, w, wOffset, end, inOffset, inStride, bias, biasOffset, outOffset, outStride);
            case 3 -> tokens3(x, in, out, xOffset, w, wOffset, end, inOffset, inStride, bias, biasOffset, outOffset, outStride);
            case 4 -> tokens4(x, in, out, xOffset, w, wOffset, end, inOffset, inStride, bias, biasOffset, outOffset, outStride);
            default -> tokens5(x, in, out, xOffset, w, wOffset, end, inOffset, inStride, bias, biasOffset, outOffset, outStride);
        }
    }

    private static void tokens1(
            float[] x, float[] in, float[] out, int xOffset, float[] w, int wOffset, int end, int inOffset, int inStride,
            float[] bias, int biasOffset, int outOffset, int outStride) {
        VectorSpecies<Float> species = Species.FLOAT;
        FloatVector a0 = FloatVector.fromArray(species, in, inOffset);
        FloatVector b0 = FloatVector.fromArray(species, in, inOffset + HALF);
        for (; wOffset < end; wOffset += 64) {
            FloatVector a = FloatVector.fromArray(species, w, wOffset);
            FloatVector b = FloatVector.fromArray(species, w, wOffset + HALF);
            FloatVector x0 = FloatVector.broadcast(species, x[xOffset]);
            a0 = a.fma(x0, a0);
            b0 = b.fma(x0, b0);
            FloatVector aNext = FloatVector.fromArray(species, w, wOffset + 32);
            FloatVector bNext = FloatVector.fromArray(species, w, wOffset + 32 + HALF);
            FloatVector x0Next = FloatVector.broadcast(species, x[xOffset + 1]);
            a0 = aNext.fma(x0Next, a0);
            b0 = bNext.fma(x0Next, b0);
            xOffset += 2;
        }
        FloatVector aBias = FloatVector.fromArray(species, bias, biasOffset);
        FloatVector bBias = FloatVector.fromArray(species, bias, biasOffset + HALF);
        a0.add(aBias).intoArray(out, outOffset);
        b0.add(bBias).intoArray(out, outOffset + HALF);
    }

    private static void tokens2(
            float[] x, float[] in, float[] out, int xOffset, float[] w, int wOffset, int end, int inOffset, int inStride,
            float[] bias, int biasOffset, int outOffset, int outStride) {
        VectorSpecies<Float> species = Species.FLOAT;
        FloatVector a0 = FloatVector.fromArray(species, in, inOffset);
        FloatVector b0 = FloatVector.fromArray(species, in, inOffset + HALF);
        inOffset += inStride;
        FloatVector a1 = FloatVector.fromArray(species, in, inOffset);
        FloatVector b1 = FloatVector.fromArray(species, in, inOffset + HALF);
        for (; wOffset < end; wOffset += 64) {
            FloatVector a = FloatVector.fromArray(species, w, wOffset);
            FloatVector b = FloatVector.fromArray(species, w, wOffset + HALF);
            FloatVector x0 = FloatVector.broadcast(species, x[xOffset]);
            a0 = a.fma(x0, a0);
            b0 = b.fma(x0, b0);
            FloatVector x1 = FloatVector.broadcast(species, x[xOffset + DEPTH]);
            a1 = a.fma(x1, a1);
            b1 = b.fma(x1, b1);
            FloatVector aNext = FloatVector.fromArray(species, w, wOffset + 32);
            FloatVector bNext = FloatVector.fromArray(species, w, wOffset + 32 + HALF);
            FloatVector x0Next = FloatVector.broadcast(species, x[xOffset + 1]);
            a0 = aNext.fma(x0Next, a0);
            b0 = bNext.fma(x0Next, b0);
            FloatVector x1Next = FloatVector.broadcast(species, x[xOffset + DEPTH + 1]);
            a1 = aNext.fma(x1Next, a1);
            b1 = bNext.fma(x1Next, b1);
            xOffset += 2;
        }
        FloatVector aBias = FloatVector.fromArray(species, bias, biasOffset);
        FloatVector bBias = FloatVector.fromArray(species, bias, biasOffset + HALF);
        a0.add(aBias).intoArray(out, outOffset);
        b0.add(bBias).intoArray(out, outOffset + HALF);
        outOffset += outStride;
        a1.add(aBias).intoArray(out, outOffset);
        b1.add(bBias).intoArray(out, outOffset + HALF);
    }

    private static void tokens3(
            float[] x, float[] in, float[] out, int xOffset, float[] w, int wOffset, int end, int inOffset, int inStride,
            float[] bias, int biasOffset, int outOffset, int outStride) {
        VectorSpecies<Float> species = Species.FLOAT;
        FloatVector a0 = FloatVector.fromArray(species, in, inOffset);
        FloatVector b0 = FloatVector.fromArray(species, in, inOffset + HALF);
        inOffset += inStride;
        FloatVector a1 = FloatVector.fromArray(species, in, inOffset);
        FloatVector b1 = FloatVector.fromArray(species, in, inOffset + HALF);
        inOffset += inStride;
        FloatVector a2 = FloatVector.fromArray(species, in, inOffset);
        FloatVector b2 = FloatVector.fromArray(species, in, inOffset + HALF);
        for (; wOffset < end; wOffset += 64) {
            FloatVector a = FloatVector.fromArray(species, w, wOffset);
            FloatVector b = FloatVector.fromArray(species, w, wOffset + HALF);
            FloatVector x0 = FloatVector.broadcast(species, x[xOffset]);
            a0 = a.fma(x0, a0);
            b0 = b.fma(x0, b0);
            FloatVector x1 = FloatVector.broadcast(species, x[xOffset + DEPTH]);
            a1 = a.fma(x1, a1);
            b1 = b.fma(x1, b1);
            FloatVector x2 = FloatVector.broadcast(species, x[xOffset + 2 * DEPTH]);
            a2 = a.fma(x2, a2);
            b2 = b.fma(x2, b2);
            FloatVector aNext = FloatVector.fromArray(species, w, wOffset + 32);
            FloatVector bNext = FloatVector.fromArray(species, w, wOffset + 32 + HALF);
            FloatVector x0Next = FloatVector.broadcast(species, x[xOffset + 1]);
            a0 = aNext.fma(x0Next, a0);
            b0 = bNext.fma(x0Next, b0);
            FloatVector x1Next = FloatVector.broadcast(species, x[xOffset + DEPTH + 1]);
            a1 = aNext.fma(x1Next, a1);
            b1 = bNext.fma(x1Next, b1);
            FloatVector x2Next = FloatVector.broadcast(species, x[xOffset + 2 * DEPTH + 1]);
            a2 = aNext.fma(x2Next, a2);
            b2 = bNext.fma(x2Next, b2);
            xOffset += 2;
        }
        FloatVector aBias = FloatVector.fromArray(species, bias, biasOffset);
        FloatVector bBias = FloatVector.fromArray(species, bias, biasOffset + HALF);
        a0.add(aBias).intoArray(out, outOffset);
        b0.add(bBias).intoArray(out, outOffset + HALF);
        outOffset += outStride;
        a1.add(aBias).intoArray(out, outOffset);
        b1.add(bBias).intoArray(out, outOffset + HALF);
        outOffset += outStride;
        a2.add(aBias).intoArray(out, outOffset);
        b2.add(bBias).intoArray(out, outOffset + HALF);
    }

    private static void tokens4(
            float[] x, float[] in, float[] out, int xOffset, float[] w, int wOffset, int end, int inOffset, int inStride,
            float[] bias, int biasOffset, int outOffset, int outStride) {
        VectorSpecies<Float> species = Species.FLOAT;
        FloatVector a0 = FloatVector.fromArray(species, in, inOffset);
        FloatVector b0 = FloatVector.fromArray(species, in, inOffset + HALF);
        inOffset += inStride;
        FloatVector a1 = FloatVector.fromArray(species, in, inOffset);
        FloatVector b1 = FloatVector.fromArray(species, in, inOffset + HALF);
        inOffset += inStride;
        FloatVector a2 = FloatVector.fromArray(species, in, inOffset);
        FloatVector b2 = FloatVector.fromArray(species, in, inOffset + HALF);
        inOffset += inStride;
        FloatVector a3 = FloatVector.fromArray(species, in, inOffset);
        FloatVector b3 = FloatVector.fromArray(species, in, inOffset + HALF);
        for (; wOffset < end; wOffset += 64) {
            FloatVector a = FloatVector.fromArray(species, w, wOffset);
            FloatVector b = FloatVector.fromArray(species, w, wOffset + HALF);
            FloatVector x0 = FloatVector.broadcast(species, x[xOffset]);
            a0 = a.fma(x0, a0);
            b0 = b.fma(x0, b0);
            if (Species.FEW_REGISTERS) VarHandle.loadLoadFence();
            FloatVector x1 = FloatVector.broadcast(species, x[xOffset + DEPTH]);
            a1 = a.fma(x1, a1);
            b1 = b.fma(x1, b1);
            if (Species.FEW_REGISTERS) VarHandle.loadLoadFence();
            FloatVector x2 = FloatVector.broadcast(species, x[xOffset + 2 * DEPTH]);
            a2 = a.fma(x2, a2);
            b2 = b.fma(x2, b2);
            if (Species.FEW_REGISTERS) VarHandle.loadLoadFence();
            FloatVector x3 = FloatVector.broadcast(species, x[xOffset + 3 * DEPTH]);
            a3 = a.fma(x3, a3);
            b3 = b.fma(x3, b3);
            if (Species.FEW_REGISTERS) VarHandle.loadLoadFence();
            FloatVector aNext = FloatVector.fromArray(species, w, wOffset + 32);
            FloatVector bNext = FloatVector.fromArray(species, w, wOffset + 32 + HALF);
            FloatVector x0Next = FloatVector.broadcast(species, x[xOffset + 1]);
            a0 = aNext.fma(x0Next, a0);
            b0 = bNext.fma(x0Next, b0);
            if (Species.FEW_REGISTERS) VarHandle.loadLoadFence();
            FloatVector x1Next = FloatVector.broadcast(species, x[xOffset + DEPTH + 1]);
            a1 = aNext.fma(x1Next, a1);
            b1 = bNext.fma(x1Next, b1);
            if (Species.FEW_REGISTERS) VarHandle.loadLoadFence();
            FloatVector x2Next = FloatVector.broadcast(species, x[xOffset + 2 * DEPTH + 1]);
            a2 = aNext.fma(x2Next, a2);
            b2 = bNext.fma(x2Next, b2);
            if (Species.FEW_REGISTERS) VarHandle.loadLoadFence();
            FloatVector x3Next = FloatVector.broadcast(species, x[xOffset + 3 * DEPTH + 1]);
            a3 = aNext.fma(x3Next, a3);
            b3 = bNext.fma(x3Next, b3);
            if (Species.FEW_REGISTERS) VarHandle.loadLoadFence();
            xOffset += 2;
        }
        FloatVector aBias = FloatVector.fromArray(species, bias, biasOffset);
        FloatVector bBias = FloatVector.fromArray(species, bias, biasOffset + HALF);
        a0.add(aBias).intoArray(out, outOffset);
        b0.add(bBias).intoArray(out, outOffset + HALF);
        outOffset += outStride;
        a1.add(aBias).intoArray(out, outOffset);
        b1.add(bBias).intoArray(out, outOffset + HALF);
        outOffset += outStride;
        a2.add(aBias).intoArray(out, outOffset);
        b2.add(bBias).intoArray(out, outOffset + HALF);
        outOffset += outStride;
        a3.add(aBias).intoArray(out, outOffset);
        b3.add(bBias).intoArray(out, outOffset + HALF);
    }

    private static void tokens5(
            float[] x, float[] in, float[] out, int xOffset, float[] w, int wOffset, int end, int inOffset, int inStride,
            float[] bias, int biasOffset, int outOffset, int outStride) {
        VectorSpecies<Float> species = Species.FLOAT;
        FloatVector a0 = FloatVector.fromArray(species, in, inOffset);
        FloatVector b0 = FloatVector.fromArray(species, in, inOffset + HALF);
        inOffset += inStride;
        FloatVector a1 = FloatVector.fromArray(species, in, inOffset);
        FloatVector b1 = FloatVector.fromArray(species, in, inOffset + HALF);
        inOffset += inStride;
        FloatVector a2 = FloatVector.fromArray(species, in, inOffset);
        FloatVector b2 = FloatVector.fromArray(species, in, inOffset + HALF);
        inOffset += inStride;
        FloatVector a3 = FloatVector.fromArray(species, in, inOffset);
        FloatVector b3 = FloatVector.fromArray(species, in, inOffset + HALF);
        inOffset += inStride;
        FloatVector a4 = FloatVector.fromArray(species, in, inOffset);
        FloatVector b4 = FloatVector.fromArray(species, in, inOffset + HALF);
        for (; wOffset < end; wOffset += 64) {
            FloatVector a = FloatVector.fromArray(species, w, wOffset);
            FloatVector b = FloatVector.fromArray(species, w, wOffset + HALF);
            FloatVector x0 = FloatVector.broadcast(species, x[xOffset]);
            a0 = a.fma(x0, a0);
            b0 = b.fma(x0, b0);
            if (Species.FEW_REGISTERS) VarHandle.loadLoadFence();
            FloatVector x1 = FloatVector.broadcast(species, x[xOffset + DEPTH]);
            a1 = a.fma(x1, a1);
            b1 = b.fma(x1, b1);
            if (Species.FEW_REGISTERS) VarHandle.loadLoadFence();
            FloatVector x2 = FloatVector.broadcast(species, x[xOffset + 2 * DEPTH]);
            a2 = a.fma(x2, a2);
            b2 = b.fma(x2, b2);
            if (Species.FEW_REGISTERS) VarHandle.loadLoadFence();
            FloatVector x3 = FloatVector.broadcast(species, x[xOffset + 3 * DEPTH]);
            a3 = a.fma(x3, a3);
            b3 = b.fma(x3, b3);
            if (Species.FEW_REGISTERS) VarHandle.loadLoadFence();
            FloatVector x4 = FloatVector.broadcast(species, x[xOffset + 4 * DEPTH]);
            a4 = a.fma(x4, a4);
            b4 = b.fma(x4, b4);
            if (Species.FEW_REGISTERS) VarHandle.loadLoadFence();
            FloatVector aNext = FloatVector.fromArray(species, w, wOffset + 32);
            FloatVector bNext = FloatVector.fromArray(species, w, wOffset + 32 + HALF);
            FloatVector x0Next = FloatVector.broadcast(species, x[xOffset + 1]);
            a0 = aNext.fma(x0Next, a0);
            b0 = bNext.fma(x0Next, b0);
            if (Species.FEW_REGISTERS) VarHandle.loadLoadFence();
            FloatVector x1Next = FloatVector.broadcast(species, x[xOffset + DEPTH + 1]);
            a1 = aNext.fma(x1Next, a1);
            b1 = bNext.fma(x1Next, b1);
            if (Species.FEW_REGISTERS) VarHandle.loadLoadFence();
            FloatVector x2Next = FloatVector.broadcast(species, x[xOffset + 2 * DEPTH + 1]);
            a2 = aNext.fma(x2Next, a2);
            b2 = bNext.fma(x2Next, b2);
            if (Species.FEW_REGISTERS) VarHandle.loadLoadFence();
            FloatVector x3Next = FloatVector.broadcast(species, x[xOffset + 3 * DEPTH + 1]);
            a3 = aNext.fma(x3Next, a3);
            b3 = bNext.fma(x3Next, b3);
            if (Species.FEW_REGISTERS) VarHandle.loadLoadFence();
            FloatVector x4Next = FloatVector.broadcast(species, x[xOffset + 4 * DEPTH + 1]);
            a4 = aNext.fma(x4Next, a4);
            b4 = bNext.fma(x4Next, b4);
            if (Species.FEW_REGISTERS) VarHandle.loadLoadFence();
            xOffset += 2;
        }
        FloatVector aBias = FloatVector.fromArray(species, bias, biasOffset);
        FloatVector bBias = FloatVector.fromArray(species, bias, biasOffset + HALF);
        a0.add(aBias).intoArray(out, outOffset);
        b0.add(bBias).intoArray(out, outOffset + HALF);
        outOffset += outStride;
        a1.add(aBias).intoArray(out, outOffset);
        b1.add(bBias).intoArray(out, outOffset + HALF);
        outOffset += outStride;
        a2.add(aBias).intoArray(out, outOffset);
        b2.add(bBias).intoArray(out, outOffset + HALF);
        outOffset += outStride;
        a3.add(aBias).intoArray(out, outOffset);
        b3.add(bBias).intoArray(out, outOffset + HALF);
        outOffset += outStride;
        a4.add(aBias).intoArray(out, outOffset);
        b4.add(bBias).intoArray(out, outOffset + HALF);
    }
}
