package dev.mme5.engine.kernel.panels.tiles;

import dev.mme5.engine.kernel.simd.Species;
import java.lang.invoke.VarHandle;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@code ChunkTiles} of 4 to 6 tokens that read ahead, written by {@code TileSource}; see {@link PanelTiles}. */
public final class AheadChunkTiles {
    private static final int HALF = PanelTiles.HALF;
    private static final int DEPTH = PanelTiles.CHUNK_DEPTH;

    private AheadChunkTiles() {}

    public static int multiply(
            int tokens, float[] w, int wOffset, int depth, float[] x, int xOffset, float[] in, int inOffset, int inStride,
            float[] bias, int biasOffset, float[] out, int outOffset, int outStride, int ahead, int step) {
        int end = wOffset + 32 * depth;
        return switch (tokens) {
            case 4 -> tokens4(x, in, out, xOffset, w, wOffset, end, inOffset, inStride, bias, biasOffset, outOffset,
                    outStride, ahead, step);
            case 5 -> tokens5(x, in, out, xOffset, w, wOffset, end, inOffset, inStride, bias, biasOffset, outOffset,
                    outStride, ahead, step);
            default -> tokens6(x, in, out, xOffset, w, wOffset, end, inOffset, inStride, bias, biasOffset, outOffset,
                    outStride, ahead, step);
        };
    }

    private static int tokens4(
            float[] x, float[] in, float[] out, int xOffset, float[] w, int wOffset, int end, int inOffset, int inStride,
            float[] bias, int biasOffset, int outOffset, int outStride, int ahead, int step) {
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
        int touched = 0;
        for (; wOffset < end; wOffset += 64) {
            FloatVector a = FloatVector.fromArray(species, w, wOffset);
            FloatVector b = FloatVector.fromArray(species, w, wOffset + HALF);
            FloatVector x0 = FloatVector.broadcast(species, x[xOffset]);
            a0 = a.fma(x0, a0);
            b0 = b.fma(x0, b0);
            if (Species.FEW_REGISTERS) VarHandle.loadLoadFence();
            touched += Float.floatToRawIntBits(w[ahead]);
            ahead += step;
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
        return touched;
    }

    private static int tokens5(
            float[] x, float[] in, float[] out, int xOffset, float[] w, int wOffset, int end, int inOffset, int inStride,
            float[] bias, int biasOffset, int outOffset, int outStride, int ahead, int step) {
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
        int touched = 0;
        for (; wOffset < end; wOffset += 64) {
            FloatVector a = FloatVector.fromArray(species, w, wOffset);
            FloatVector b = FloatVector.fromArray(species, w, wOffset + HALF);
            FloatVector x0 = FloatVector.broadcast(species, x[xOffset]);
            a0 = a.fma(x0, a0);
            b0 = b.fma(x0, b0);
            if (Species.FEW_REGISTERS) VarHandle.loadLoadFence();
            touched += Float.floatToRawIntBits(w[ahead]);
            ahead += step;
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
        return touched;
    }

    private static int tokens6(
            float[] x, float[] in, float[] out, int xOffset, float[] w, int wOffset, int end, int inOffset, int inStride,
            float[] bias, int biasOffset, int outOffset, int outStride, int ahead, int step) {
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
        inOffset += inStride;
        FloatVector a5 = FloatVector.fromArray(species, in, inOffset);
        FloatVector b5 = FloatVector.fromArray(species, in, inOffset + HALF);
        int touched = 0;
        for (; wOffset < end; wOffset += 64) {
            FloatVector a = FloatVector.fromArray(species, w, wOffset);
            FloatVector b = FloatVector.fromArray(species, w, wOffset + HALF);
            FloatVector x0 = FloatVector.broadcast(species, x[xOffset]);
            a0 = a.fma(x0, a0);
            b0 = b.fma(x0, b0);
            if (Species.FEW_REGISTERS) VarHandle.loadLoadFence();
            touched += Float.floatToRawIntBits(w[ahead]);
            ahead += step;
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
            FloatVector x5 = FloatVector.broadcast(species, x[xOffset + 5 * DEPTH]);
            a5 = a.fma(x5, a5);
            b5 = b.fma(x5, b5);
            if (Species.FEW_REGISTERS) VarHandle.loadLoadFence();
            FloatVector aNext = FloatVector.fromArray(species, w, wOffset + 32);
            FloatVector x0Next = FloatVector.broadcast(species, x[xOffset + 1]);
            a0 = aNext.fma(x0Next, a0);
            if (Species.FEW_REGISTERS) VarHandle.loadLoadFence();
            FloatVector x1Next = FloatVector.broadcast(species, x[xOffset + DEPTH + 1]);
            a1 = aNext.fma(x1Next, a1);
            if (Species.FEW_REGISTERS) VarHandle.loadLoadFence();
            FloatVector bNext = FloatVector.fromArray(species, w, wOffset + 32 + HALF);
            b0 = bNext.fma(x0Next, b0);
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
            FloatVector x5Next = FloatVector.broadcast(species, x[xOffset + 5 * DEPTH + 1]);
            a5 = aNext.fma(x5Next, a5);
            b5 = bNext.fma(x5Next, b5);
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
        outOffset += outStride;
        a5.add(aBias).intoArray(out, outOffset);
        b5.add(bBias).intoArray(out, outOffset + HALF);
        return touched;
    }
}
