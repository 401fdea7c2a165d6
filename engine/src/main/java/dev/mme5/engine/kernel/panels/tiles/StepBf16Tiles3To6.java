package dev.mme5.engine.kernel.panels.tiles;

import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.mme5.engine.kernel.simd.PageFaultGuard;
import dev.mme5.engine.kernel.simd.Species;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/** Register tiles of bfloat16 panels and 3 to 6 tokens, written by {@code TileSource}; see {@link PanelTiles}. */
public final class StepBf16Tiles3To6 {
    private static final int HALF = PanelTiles.HALF;

    private StepBf16Tiles3To6() {}

    public static int multiply(
            int tokens, MemorySegment w, long wOffset, int depth, float[] x, int xOffset,
            float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride, long ahead, long step) {
        return switch (tokens) {
            case 3 -> tokens3(w, wOffset, depth, x, xOffset, in, inOffset, inStride, out, outOffset, outStride, ahead, step);
            case 4 -> tokens4(w, wOffset, depth, x, xOffset, in, inOffset, inStride, out, outOffset, outStride, ahead, step);
            case 5 -> tokens5(w, wOffset, depth, x, xOffset, in, inOffset, inStride, out, outOffset, outStride, ahead, step);
            default -> tokens6(w, wOffset, depth, x, xOffset, in, inOffset, inStride, out, outOffset, outStride, ahead, step);
        };
    }

    private static int tokens3(
            MemorySegment w, long wOffset, int depth, float[] x, int xOffset,
            float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride, long ahead, long step) {
        PageFaultGuard.set();
        FloatVector a0 = FloatVector.fromArray(Species.FLOAT, in, inOffset);
        FloatVector b0 = FloatVector.fromArray(Species.FLOAT, in, inOffset + HALF);
        FloatVector a1 = FloatVector.fromArray(Species.FLOAT, in, inOffset + inStride);
        FloatVector b1 = FloatVector.fromArray(Species.FLOAT, in, inOffset + inStride + HALF);
        FloatVector a2 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 2 * inStride);
        FloatVector b2 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 2 * inStride + HALF);
        int touched = 0;
        int j = xOffset;
        int i = 0;
        for (; i < 64 * (depth - 1); i += 128) {
            touched += w.get(ValueLayout.JAVA_INT_UNALIGNED, ahead);
            ahead += 2 * step;
            IntVector pairs = IntVector.fromMemorySegment(Species.INT, w, wOffset + i, Species.FILE_ORDER);
            FloatVector a = (FloatVector) pairs.lanewise(LSHL, 16).reinterpretShape(Species.FLOAT, 0);
            IntVector high = pairs.lanewise(LSHR, 16).lanewise(LSHL, 16);
            FloatVector b = (FloatVector) high.reinterpretShape(Species.FLOAT, 0);
            FloatVector x0 = FloatVector.broadcast(Species.FLOAT, x[j]);
            a0 = a.fma(x0, a0);
            b0 = b.fma(x0, b0);
            FloatVector x1 = FloatVector.broadcast(Species.FLOAT, x[j + 1]);
            a1 = a.fma(x1, a1);
            b1 = b.fma(x1, b1);
            FloatVector x2 = FloatVector.broadcast(Species.FLOAT, x[j + 2]);
            a2 = a.fma(x2, a2);
            b2 = b.fma(x2, b2);
            IntVector pairsNext = IntVector.fromMemorySegment(Species.INT, w, wOffset + i + 64, Species.FILE_ORDER);
            FloatVector aNext = (FloatVector) pairsNext.lanewise(LSHL, 16).reinterpretShape(Species.FLOAT, 0);
            IntVector highNext = pairsNext.lanewise(LSHR, 16).lanewise(LSHL, 16);
            FloatVector bNext = (FloatVector) highNext.reinterpretShape(Species.FLOAT, 0);
            FloatVector x2Next = FloatVector.broadcast(Species.FLOAT, x[j + 5]);
            a2 = aNext.fma(x2Next, a2);
            b2 = bNext.fma(x2Next, b2);
            FloatVector x1Next = FloatVector.broadcast(Species.FLOAT, x[j + 4]);
            a1 = aNext.fma(x1Next, a1);
            b1 = bNext.fma(x1Next, b1);
            FloatVector x0Next = FloatVector.broadcast(Species.FLOAT, x[j + 3]);
            a0 = aNext.fma(x0Next, a0);
            b0 = bNext.fma(x0Next, b0);
            j += 6;
        }
        if (i < 64 * depth) {
            IntVector pairs = IntVector.fromMemorySegment(Species.INT, w, wOffset + i, Species.FILE_ORDER);
            FloatVector a = (FloatVector) pairs.lanewise(LSHL, 16).reinterpretShape(Species.FLOAT, 0);
            IntVector high = pairs.lanewise(LSHR, 16).lanewise(LSHL, 16);
            FloatVector b = (FloatVector) high.reinterpretShape(Species.FLOAT, 0);
            FloatVector x0 = FloatVector.broadcast(Species.FLOAT, x[j]);
            a0 = a.fma(x0, a0);
            b0 = b.fma(x0, b0);
            FloatVector x1 = FloatVector.broadcast(Species.FLOAT, x[j + 1]);
            a1 = a.fma(x1, a1);
            b1 = b.fma(x1, b1);
            FloatVector x2 = FloatVector.broadcast(Species.FLOAT, x[j + 2]);
            a2 = a.fma(x2, a2);
            b2 = b.fma(x2, b2);
        }
        a0.intoArray(out, outOffset);
        b0.intoArray(out, outOffset + HALF);
        a1.intoArray(out, outOffset + outStride);
        b1.intoArray(out, outOffset + outStride + HALF);
        a2.intoArray(out, outOffset + 2 * outStride);
        b2.intoArray(out, outOffset + 2 * outStride + HALF);
        return touched;
    }

    private static int tokens4(
            MemorySegment w, long wOffset, int depth, float[] x, int xOffset,
            float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride, long ahead, long step) {
        PageFaultGuard.set();
        FloatVector a0 = FloatVector.fromArray(Species.FLOAT, in, inOffset);
        FloatVector b0 = FloatVector.fromArray(Species.FLOAT, in, inOffset + HALF);
        FloatVector a1 = FloatVector.fromArray(Species.FLOAT, in, inOffset + inStride);
        FloatVector b1 = FloatVector.fromArray(Species.FLOAT, in, inOffset + inStride + HALF);
        FloatVector a2 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 2 * inStride);
        FloatVector b2 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 2 * inStride + HALF);
        FloatVector a3 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 3 * inStride);
        FloatVector b3 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 3 * inStride + HALF);
        int touched = 0;
        int j = xOffset;
        int i = 0;
        for (; i < 64 * (depth - 1); i += 128) {
            touched += w.get(ValueLayout.JAVA_INT_UNALIGNED, ahead);
            ahead += 2 * step;
            IntVector pairs = IntVector.fromMemorySegment(Species.INT, w, wOffset + i, Species.FILE_ORDER);
            FloatVector a = (FloatVector) pairs.lanewise(LSHL, 16).reinterpretShape(Species.FLOAT, 0);
            IntVector high = pairs.lanewise(LSHR, 16).lanewise(LSHL, 16);
            FloatVector b = (FloatVector) high.reinterpretShape(Species.FLOAT, 0);
            FloatVector x0 = FloatVector.broadcast(Species.FLOAT, x[j]);
            a0 = a.fma(x0, a0);
            b0 = b.fma(x0, b0);
            FloatVector x1 = FloatVector.broadcast(Species.FLOAT, x[j + 1]);
            a1 = a.fma(x1, a1);
            b1 = b.fma(x1, b1);
            FloatVector x2 = FloatVector.broadcast(Species.FLOAT, x[j + 2]);
            a2 = a.fma(x2, a2);
            b2 = b.fma(x2, b2);
            FloatVector x3 = FloatVector.broadcast(Species.FLOAT, x[j + 3]);
            a3 = a.fma(x3, a3);
            b3 = b.fma(x3, b3);
            IntVector pairsNext = IntVector.fromMemorySegment(Species.INT, w, wOffset + i + 64, Species.FILE_ORDER);
            FloatVector aNext = (FloatVector) pairsNext.lanewise(LSHL, 16).reinterpretShape(Species.FLOAT, 0);
            IntVector highNext = pairsNext.lanewise(LSHR, 16).lanewise(LSHL, 16);
            FloatVector bNext = (FloatVector) highNext.reinterpretShape(Species.FLOAT, 0);
            FloatVector x3Next = FloatVector.broadcast(Species.FLOAT, x[j + 7]);
            a3 = aNext.fma(x3Next, a3);
            b3 = bNext.fma(x3Next, b3);
            FloatVector x2Next = FloatVector.broadcast(Species.FLOAT, x[j + 6]);
            a2 = aNext.fma(x2Next, a2);
            b2 = bNext.fma(x2Next, b2);
            FloatVector x1Next = FloatVector.broadcast(Species.FLOAT, x[j + 5]);
            a1 = aNext.fma(x1Next, a1);
            b1 = bNext.fma(x1Next, b1);
            FloatVector x0Next = FloatVector.broadcast(Species.FLOAT, x[j + 4]);
            a0 = aNext.fma(x0Next, a0);
            b0 = bNext.fma(x0Next, b0);
            j += 8;
        }
        if (i < 64 * depth) {
            IntVector pairs = IntVector.fromMemorySegment(Species.INT, w, wOffset + i, Species.FILE_ORDER);
            FloatVector a = (FloatVector) pairs.lanewise(LSHL, 16).reinterpretShape(Species.FLOAT, 0);
            IntVector high = pairs.lanewise(LSHR, 16).lanewise(LSHL, 16);
            FloatVector b = (FloatVector) high.reinterpretShape(Species.FLOAT, 0);
            FloatVector x0 = FloatVector.broadcast(Species.FLOAT, x[j]);
            a0 = a.fma(x0, a0);
            b0 = b.fma(x0, b0);
            FloatVector x1 = FloatVector.broadcast(Species.FLOAT, x[j + 1]);
            a1 = a.fma(x1, a1);
            b1 = b.fma(x1, b1);
            FloatVector x2 = FloatVector.broadcast(Species.FLOAT, x[j + 2]);
            a2 = a.fma(x2, a2);
            b2 = b.fma(x2, b2);
            FloatVector x3 = FloatVector.broadcast(Species.FLOAT, x[j + 3]);
            a3 = a.fma(x3, a3);
            b3 = b.fma(x3, b3);
        }
        a0.intoArray(out, outOffset);
        b0.intoArray(out, outOffset + HALF);
        a1.intoArray(out, outOffset + outStride);
        b1.intoArray(out, outOffset + outStride + HALF);
        a2.intoArray(out, outOffset + 2 * outStride);
        b2.intoArray(out, outOffset + 2 * outStride + HALF);
        a3.intoArray(out, outOffset + 3 * outStride);
        b3.intoArray(out, outOffset + 3 * outStride + HALF);
        return touched;
    }

    private static int tokens5(
            MemorySegment w, long wOffset, int depth, float[] x, int xOffset,
            float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride, long ahead, long step) {
        PageFaultGuard.set();
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
        int touched = 0;
        int j = xOffset;
        int jNext = xOffset + 5;
        int i = 0;
        for (; i < 64 * (depth - 1); i += 128) {
            touched += w.get(ValueLayout.JAVA_INT_UNALIGNED, ahead);
            ahead += 2 * step;
            IntVector pairs = IntVector.fromMemorySegment(Species.INT, w, wOffset + i, Species.FILE_ORDER);
            FloatVector a = (FloatVector) pairs.lanewise(LSHL, 16).reinterpretShape(Species.FLOAT, 0);
            IntVector high = pairs.lanewise(LSHR, 16).lanewise(LSHL, 16);
            FloatVector b = (FloatVector) high.reinterpretShape(Species.FLOAT, 0);
            FloatVector x0 = FloatVector.broadcast(Species.FLOAT, x[j]);
            a0 = a.fma(x0, a0);
            b0 = b.fma(x0, b0);
            FloatVector x1 = FloatVector.broadcast(Species.FLOAT, x[j + 1]);
            a1 = a.fma(x1, a1);
            b1 = b.fma(x1, b1);
            FloatVector x2 = FloatVector.broadcast(Species.FLOAT, x[j + 2]);
            a2 = a.fma(x2, a2);
            b2 = b.fma(x2, b2);
            FloatVector x3 = FloatVector.broadcast(Species.FLOAT, x[j + 3]);
            a3 = a.fma(x3, a3);
            b3 = b.fma(x3, b3);
            FloatVector x4 = FloatVector.broadcast(Species.FLOAT, x[j + 4]);
            a4 = a.fma(x4, a4);
            b4 = b.fma(x4, b4);
            IntVector pairsNext = IntVector.fromMemorySegment(Species.INT, w, wOffset + i + 64, Species.FILE_ORDER);
            FloatVector aNext = (FloatVector) pairsNext.lanewise(LSHL, 16).reinterpretShape(Species.FLOAT, 0);
            FloatVector x0Next = FloatVector.broadcast(Species.FLOAT, x[jNext]);
            a0 = aNext.fma(x0Next, a0);
            FloatVector x1Next = FloatVector.broadcast(Species.FLOAT, x[jNext + 1]);
            a1 = aNext.fma(x1Next, a1);
            FloatVector x2Next = FloatVector.broadcast(Species.FLOAT, x[jNext + 2]);
            a2 = aNext.fma(x2Next, a2);
            FloatVector x3Next = FloatVector.broadcast(Species.FLOAT, x[jNext + 3]);
            a3 = aNext.fma(x3Next, a3);
            FloatVector x4Next = FloatVector.broadcast(Species.FLOAT, x[jNext + 4]);
            a4 = aNext.fma(x4Next, a4);
            IntVector highNext = pairsNext.lanewise(LSHR, 16).lanewise(LSHL, 16);
            FloatVector bNext = (FloatVector) highNext.reinterpretShape(Species.FLOAT, 0);
            b0 = bNext.fma(x0Next, b0);
            b1 = bNext.fma(x1Next, b1);
            b2 = bNext.fma(x2Next, b2);
            b3 = bNext.fma(x3Next, b3);
            b4 = bNext.fma(x4Next, b4);
            jNext += 10;
            j += 10;
        }
        if (i < 64 * depth) {
            IntVector pairs = IntVector.fromMemorySegment(Species.INT, w, wOffset + i, Species.FILE_ORDER);
            FloatVector a = (FloatVector) pairs.lanewise(LSHL, 16).reinterpretShape(Species.FLOAT, 0);
            IntVector high = pairs.lanewise(LSHR, 16).lanewise(LSHL, 16);
            FloatVector b = (FloatVector) high.reinterpretShape(Species.FLOAT, 0);
            FloatVector x0 = FloatVector.broadcast(Species.FLOAT, x[j]);
            a0 = a.fma(x0, a0);
            b0 = b.fma(x0, b0);
            FloatVector x1 = FloatVector.broadcast(Species.FLOAT, x[j + 1]);
            a1 = a.fma(x1, a1);
            b1 = b.fma(x1, b1);
            FloatVector x2 = FloatVector.broadcast(Species.FLOAT, x[j + 2]);
            a2 = a.fma(x2, a2);
            b2 = b.fma(x2, b2);
            FloatVector x3 = FloatVector.broadcast(Species.FLOAT, x[j + 3]);
            a3 = a.fma(x3, a3);
            b3 = b.fma(x3, b3);
            FloatVector x4 = FloatVector.broadcast(Species.FLOAT, x[j + 4]);
            a4 = a.fma(x4, a4);
            b4 = b.fma(x4, b4);
        }
        a0.intoArray(out, outOffset);
        b0.intoArray(out, outOffset + HALF);
        a1.intoArray(out, outOffset + outStride);
        b1.intoArray(out, outOffset + outStride + HALF);
        a2.intoArray(out, outOffset + 2 * outStride);
        b2.intoArray(out, outOffset + 2 * outStride + HALF);
        a3.intoArray(out, outOffset + 3 * outStride);
        b3.intoArray(out, outOffset + 3 * outStride + HALF);
        a4.intoArray(out, outOffset + 4 * outStride);
        b4.intoArray(out, outOffset + 4 * outStride + HALF);
        return touched;
    }

    private static int tokens6(
            MemorySegment w, long wOffset, int depth, float[] x, int xOffset,
            float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride, long ahead, long step) {
        PageFaultGuard.set();
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
        int touched = 0;
        int j = xOffset;
        for (int i = 0; i < 64 * depth; i += 64) {
            touched += w.get(ValueLayout.JAVA_INT_UNALIGNED, ahead);
            ahead += step;
            IntVector pairs = IntVector.fromMemorySegment(Species.INT, w, wOffset + i, Species.FILE_ORDER);
            FloatVector a = (FloatVector) pairs.lanewise(LSHL, 16).reinterpretShape(Species.FLOAT, 0);
            IntVector high = pairs.lanewise(LSHR, 16).lanewise(LSHL, 16);
            FloatVector b = (FloatVector) high.reinterpretShape(Species.FLOAT, 0);
            FloatVector x0 = FloatVector.broadcast(Species.FLOAT, x[j]);
            a0 = a.fma(x0, a0);
            b0 = b.fma(x0, b0);
            FloatVector x1 = FloatVector.broadcast(Species.FLOAT, x[j + 1]);
            a1 = a.fma(x1, a1);
            b1 = b.fma(x1, b1);
            FloatVector x2 = FloatVector.broadcast(Species.FLOAT, x[j + 2]);
            a2 = a.fma(x2, a2);
            b2 = b.fma(x2, b2);
            FloatVector x3 = FloatVector.broadcast(Species.FLOAT, x[j + 3]);
            a3 = a.fma(x3, a3);
            b3 = b.fma(x3, b3);
            FloatVector x4 = FloatVector.broadcast(Species.FLOAT, x[j + 4]);
            a4 = a.fma(x4, a4);
            b4 = b.fma(x4, b4);
            FloatVector x5 = FloatVector.broadcast(Species.FLOAT, x[j + 5]);
            a5 = a.fma(x5, a5);
            b5 = b.fma(x5, b5);
            j += 6;
        }
        a0.intoArray(out, outOffset);
        b0.intoArray(out, outOffset + HALF);
        a1.intoArray(out, outOffset + outStride);
        b1.intoArray(out, outOffset + outStride + HALF);
        a2.intoArray(out, outOffset + 2 * outStride);
        b2.intoArray(out, outOffset + 2 * outStride + HALF);
        a3.intoArray(out, outOffset + 3 * outStride);
        b3.intoArray(out, outOffset + 3 * outStride + HALF);
        a4.intoArray(out, outOffset + 4 * outStride);
        b4.intoArray(out, outOffset + 4 * outStride + HALF);
        a5.intoArray(out, outOffset + 5 * outStride);
        b5.intoArray(out, outOffset + 5 * outStride + HALF);
        return touched;
    }
}
