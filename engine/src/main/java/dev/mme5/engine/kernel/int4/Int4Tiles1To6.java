package dev.mme5.engine.kernel.int4;

import static dev.mme5.engine.kernel.simd.Species.COUNT;
import static dev.mme5.engine.kernel.simd.Species.FLOAT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.mme5.engine.kernel.simd.PageFaultGuard;
import dev.mme5.engine.kernel.simd.Species;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/** Register tiles of 4-bit panels and 1 to 6 tokens, written by {@code Int4TileSource}; {@link Int4Tiles} explains them. */
final class Int4Tiles1To6 {
    private Int4Tiles1To6() {}

    static int multiply(
            int tokens, MemorySegment w, long wOffset, int pairs, float[] x, int xOffset, float[] zeros, int first, int stride,
            float[] sums, long ahead, int step) {
        return switch (tokens) {
            case 1 -> tokens1(w, wOffset, pairs, x, xOffset, zeros, first, stride, sums, ahead, step);
            case 2 -> tokens2(w, wOffset, pairs, x, xOffset, zeros, first, stride, sums, ahead, step);
            case 3 -> tokens3(w, wOffset, pairs, x, xOffset, zeros, first, stride, sums, ahead, step);
            case 4 -> tokens4(w, wOffset, pairs, x, xOffset, zeros, first, stride, sums, ahead, step);
            case 5 -> tokens5(w, wOffset, pairs, x, xOffset, zeros, first, stride, sums, ahead, step);
            default -> tokens6(w, wOffset, pairs, x, xOffset, zeros, first, stride, sums, ahead, step);
        };
    }

    private static int tokens1(
            MemorySegment w, long wOffset, int pairs, float[] x, int xOffset, float[] zeros, int first, int stride,
            float[] sums, long ahead, int step) {
        PageFaultGuard.set();
        FloatVector a0 = FloatVector.broadcast(FLOAT, zeros[first]), b0 = a0;
        int touched = 0;
        for (int k = 0; k < pairs; k++) {
            touched += w.get(ValueLayout.JAVA_BYTE, ahead + k * step);
            long from = wOffset + 64L * (k >> 1) + (k & 1);
            IntVector pair = IntVector.fromMemorySegment(Species.INT, w, from, Species.FILE_ORDER);
            IntVector lower = pair.lanewise(LSHL, 12);
            IntVector upper = pair.lanewise(LSHR, 4);
            FloatVector a = (FloatVector) lower.and(0xf000).or(0x45000000).reinterpretShape(Species.FLOAT, 0);
            FloatVector b = (FloatVector) upper.and(0xf000).or(0x45000000).reinterpretShape(Species.FLOAT, 0);
            FloatVector x0 = FloatVector.broadcast(FLOAT, x[xOffset + 2 * k]);
            a0 = a.fma(x0, a0);
            b0 = b.fma(x0, b0);
            FloatVector c = (FloatVector) lower.and(0xf0000).or(0x43000000).reinterpretShape(Species.FLOAT, 0);
            FloatVector d = (FloatVector) upper.and(0xf0000).or(0x43000000).reinterpretShape(Species.FLOAT, 0);
            FloatVector y0 = FloatVector.broadcast(FLOAT, x[xOffset + 2 * k + 1]);
            a0 = c.fma(y0, a0);
            b0 = d.fma(y0, b0);
        }
        a0.intoArray(sums, 0);
        b0.intoArray(sums, COUNT);
        return touched;
    }

    private static int tokens2(
            MemorySegment w, long wOffset, int pairs, float[] x, int xOffset, float[] zeros, int first, int stride,
            float[] sums, long ahead, int step) {
        PageFaultGuard.set();
        FloatVector a0 = FloatVector.broadcast(FLOAT, zeros[first]), b0 = a0;
        FloatVector a1 = FloatVector.broadcast(FLOAT, zeros[first + stride]), b1 = a1;
        int touched = 0;
        for (int k = 0; k < pairs; k++) {
            touched += w.get(ValueLayout.JAVA_BYTE, ahead + k * step);
            long from = wOffset + 64L * (k >> 1) + (k & 1);
            IntVector pair = IntVector.fromMemorySegment(Species.INT, w, from, Species.FILE_ORDER);
            IntVector lower = pair.lanewise(LSHL, 12);
            IntVector upper = pair.lanewise(LSHR, 4);
            FloatVector a = (FloatVector) lower.and(0xf000).or(0x45000000).reinterpretShape(Species.FLOAT, 0);
            FloatVector b = (FloatVector) upper.and(0xf000).or(0x45000000).reinterpretShape(Species.FLOAT, 0);
            FloatVector x0 = FloatVector.broadcast(FLOAT, x[xOffset + 4 * k]);
            a0 = a.fma(x0, a0);
            b0 = b.fma(x0, b0);
            FloatVector x1 = FloatVector.broadcast(FLOAT, x[xOffset + 4 * k + 1]);
            a1 = a.fma(x1, a1);
            b1 = b.fma(x1, b1);
            FloatVector c = (FloatVector) lower.and(0xf0000).or(0x43000000).reinterpretShape(Species.FLOAT, 0);
            FloatVector d = (FloatVector) upper.and(0xf0000).or(0x43000000).reinterpretShape(Species.FLOAT, 0);
            FloatVector y0 = FloatVector.broadcast(FLOAT, x[xOffset + 4 * k + 2]);
            a0 = c.fma(y0, a0);
            b0 = d.fma(y0, b0);
            FloatVector y1 = FloatVector.broadcast(FLOAT, x[xOffset + 4 * k + 3]);
            a1 = c.fma(y1, a1);
            b1 = d.fma(y1, b1);
        }
        a0.intoArray(sums, 0);
        b0.intoArray(sums, COUNT);
        a1.intoArray(sums, 2 * COUNT);
        b1.intoArray(sums, 3 * COUNT);
        return touched;
    }

    private static int tokens3(
            MemorySegment w, long wOffset, int pairs, float[] x, int xOffset, float[] zeros, int first, int stride,
            float[] sums, long ahead, int step) {
        PageFaultGuard.set();
        FloatVector a0 = FloatVector.broadcast(FLOAT, zeros[first]), b0 = a0;
        FloatVector a1 = FloatVector.broadcast(FLOAT, zeros[first + stride]), b1 = a1;
        FloatVector a2 = FloatVector.broadcast(FLOAT, zeros[first + 2 * stride]), b2 = a2;
        int touched = 0;
        for (int k = 0; k < pairs; k++) {
            touched += w.get(ValueLayout.JAVA_BYTE, ahead + k * step);
            long from = wOffset + 64L * (k >> 1) + (k & 1);
            IntVector pair = IntVector.fromMemorySegment(Species.INT, w, from, Species.FILE_ORDER);
            IntVector lower = pair.lanewise(LSHL, 12);
            IntVector upper = pair.lanewise(LSHR, 4);
            FloatVector a = (FloatVector) lower.and(0xf000).or(0x45000000).reinterpretShape(Species.FLOAT, 0);
            FloatVector b = (FloatVector) upper.and(0xf000).or(0x45000000).reinterpretShape(Species.FLOAT, 0);
            FloatVector x0 = FloatVector.broadcast(FLOAT, x[xOffset + 6 * k]);
            a0 = a.fma(x0, a0);
            b0 = b.fma(x0, b0);
            FloatVector x1 = FloatVector.broadcast(FLOAT, x[xOffset + 6 * k + 1]);
            a1 = a.fma(x1, a1);
            b1 = b.fma(x1, b1);
            FloatVector x2 = FloatVector.broadcast(FLOAT, x[xOffset + 6 * k + 2]);
            a2 = a.fma(x2, a2);
            b2 = b.fma(x2, b2);
            FloatVector c = (FloatVector) lower.and(0xf0000).or(0x43000000).reinterpretShape(Species.FLOAT, 0);
            FloatVector d = (FloatVector) upper.and(0xf0000).or(0x43000000).reinterpretShape(Species.FLOAT, 0);
            FloatVector y0 = FloatVector.broadcast(FLOAT, x[xOffset + 6 * k + 3]);
            a0 = c.fma(y0, a0);
            b0 = d.fma(y0, b0);
            FloatVector y1 = FloatVector.broadcast(FLOAT, x[xOffset + 6 * k + 4]);
            a1 = c.fma(y1, a1);
            b1 = d.fma(y1, b1);
            FloatVector y2 = FloatVector.broadcast(FLOAT, x[xOffset + 6 * k + 5]);
            a2 = c.fma(y2, a2);
            b2 = d.fma(y2, b2);
        }
        a0.intoArray(sums, 0);
        b0.intoArray(sums, COUNT);
        a1.intoArray(sums, 2 * COUNT);
        b1.intoArray(sums, 3 * COUNT);
        a2.intoArray(sums, 4 * COUNT);
        b2.intoArray(sums, 5 * COUNT);
        return touched;
    }

    private static int tokens4(
            MemorySegment w, long wOffset, int pairs, float[] x, int xOffset, float[] zeros, int first, int stride,
            float[] sums, long ahead, int step) {
        PageFaultGuard.set();
        FloatVector a0 = FloatVector.broadcast(FLOAT, zeros[first]), b0 = a0;
        FloatVector a1 = FloatVector.broadcast(FLOAT, zeros[first + stride]), b1 = a1;
        FloatVector a2 = FloatVector.broadcast(FLOAT, zeros[first + 2 * stride]), b2 = a2;
        FloatVector a3 = FloatVector.broadcast(FLOAT, zeros[first + 3 * stride]), b3 = a3;
        int touched = 0;
        for (int k = 0; k < pairs; k++) {
            touched += w.get(ValueLayout.JAVA_BYTE, ahead + k * step);
            long from = wOffset + 64L * (k >> 1) + (k & 1);
            IntVector pair = IntVector.fromMemorySegment(Species.INT, w, from, Species.FILE_ORDER);
            IntVector lower = pair.lanewise(LSHL, 12);
            IntVector upper = pair.lanewise(LSHR, 4);
            FloatVector a = (FloatVector) lower.and(0xf000).or(0x45000000).reinterpretShape(Species.FLOAT, 0);
            FloatVector b = (FloatVector) upper.and(0xf000).or(0x45000000).reinterpretShape(Species.FLOAT, 0);
            FloatVector x0 = FloatVector.broadcast(FLOAT, x[xOffset + 8 * k]);
            a0 = a.fma(x0, a0);
            b0 = b.fma(x0, b0);
            FloatVector x1 = FloatVector.broadcast(FLOAT, x[xOffset + 8 * k + 1]);
            a1 = a.fma(x1, a1);
            b1 = b.fma(x1, b1);
            FloatVector x2 = FloatVector.broadcast(FLOAT, x[xOffset + 8 * k + 2]);
            a2 = a.fma(x2, a2);
            b2 = b.fma(x2, b2);
            FloatVector x3 = FloatVector.broadcast(FLOAT, x[xOffset + 8 * k + 3]);
            a3 = a.fma(x3, a3);
            b3 = b.fma(x3, b3);
            FloatVector c = (FloatVector) lower.and(0xf0000).or(0x43000000).reinterpretShape(Species.FLOAT, 0);
            FloatVector d = (FloatVector) upper.and(0xf0000).or(0x43000000).reinterpretShape(Species.FLOAT, 0);
            FloatVector y0 = FloatVector.broadcast(FLOAT, x[xOffset + 8 * k + 4]);
            a0 = c.fma(y0, a0);
            b0 = d.fma(y0, b0);
            FloatVector y1 = FloatVector.broadcast(FLOAT, x[xOffset + 8 * k + 5]);
            a1 = c.fma(y1, a1);
            b1 = d.fma(y1, b1);
            FloatVector y2 = FloatVector.broadcast(FLOAT, x[xOffset + 8 * k + 6]);
            a2 = c.fma(y2, a2);
            b2 = d.fma(y2, b2);
            FloatVector y3 = FloatVector.broadcast(FLOAT, x[xOffset + 8 * k + 7]);
            a3 = c.fma(y3, a3);
            b3 = d.fma(y3, b3);
        }
        a0.intoArray(sums, 0);
        b0.intoArray(sums, COUNT);
        a1.intoArray(sums, 2 * COUNT);
        b1.intoArray(sums, 3 * COUNT);
        a2.intoArray(sums, 4 * COUNT);
        b2.intoArray(sums, 5 * COUNT);
        a3.intoArray(sums, 6 * COUNT);
        b3.intoArray(sums, 7 * COUNT);
        return touched;
    }

    private static int tokens5(
            MemorySegment w, long wOffset, int pairs, float[] x, int xOffset, float[] zeros, int first, int stride,
            float[] sums, long ahead, int step) {
        PageFaultGuard.set();
        FloatVector a0 = FloatVector.broadcast(FLOAT, zeros[first]), b0 = a0;
        FloatVector a1 = FloatVector.broadcast(FLOAT, zeros[first + stride]), b1 = a1;
        FloatVector a2 = FloatVector.broadcast(FLOAT, zeros[first + 2 * stride]), b2 = a2;
        FloatVector a3 = FloatVector.broadcast(FLOAT, zeros[first + 3 * stride]), b3 = a3;
        FloatVector a4 = FloatVector.broadcast(FLOAT, zeros[first + 4 * stride]), b4 = a4;
        int touched = 0;
        for (int k = 0; k < pairs; k++) {
            touched += w.get(ValueLayout.JAVA_BYTE, ahead + k * step);
            long from = wOffset + 64L * (k >> 1) + (k & 1);
            IntVector pair = IntVector.fromMemorySegment(Species.INT, w, from, Species.FILE_ORDER);
            IntVector lower = pair.lanewise(LSHL, 12);
            IntVector upper = pair.lanewise(LSHR, 4);
            FloatVector a = (FloatVector) lower.and(0xf000).or(0x45000000).reinterpretShape(Species.FLOAT, 0);
            FloatVector b = (FloatVector) upper.and(0xf000).or(0x45000000).reinterpretShape(Species.FLOAT, 0);
            FloatVector x0 = FloatVector.broadcast(FLOAT, x[xOffset + 10 * k]);
            a0 = a.fma(x0, a0);
            b0 = b.fma(x0, b0);
            FloatVector x1 = FloatVector.broadcast(FLOAT, x[xOffset + 10 * k + 1]);
            a1 = a.fma(x1, a1);
            b1 = b.fma(x1, b1);
            FloatVector x2 = FloatVector.broadcast(FLOAT, x[xOffset + 10 * k + 2]);
            a2 = a.fma(x2, a2);
            b2 = b.fma(x2, b2);
            FloatVector x3 = FloatVector.broadcast(FLOAT, x[xOffset + 10 * k + 3]);
            a3 = a.fma(x3, a3);
            b3 = b.fma(x3, b3);
            FloatVector x4 = FloatVector.broadcast(FLOAT, x[xOffset + 10 * k + 4]);
            a4 = a.fma(x4, a4);
            b4 = b.fma(x4, b4);
            FloatVector c = (FloatVector) lower.and(0xf0000).or(0x43000000).reinterpretShape(Species.FLOAT, 0);
            FloatVector d = (FloatVector) upper.and(0xf0000).or(0x43000000).reinterpretShape(Species.FLOAT, 0);
            FloatVector y0 = FloatVector.broadcast(FLOAT, x[xOffset + 10 * k + 5]);
            a0 = c.fma(y0, a0);
            b0 = d.fma(y0, b0);
            FloatVector y1 = FloatVector.broadcast(FLOAT, x[xOffset + 10 * k + 6]);
            a1 = c.fma(y1, a1);
            b1 = d.fma(y1, b1);
            FloatVector y2 = FloatVector.broadcast(FLOAT, x[xOffset + 10 * k + 7]);
            a2 = c.fma(y2, a2);
            b2 = d.fma(y2, b2);
            FloatVector y3 = FloatVector.broadcast(FLOAT, x[xOffset + 10 * k + 8]);
            a3 = c.fma(y3, a3);
            b3 = d.fma(y3, b3);
            FloatVector y4 = FloatVector.broadcast(FLOAT, x[xOffset + 10 * k + 9]);
            a4 = c.fma(y4, a4);
            b4 = d.fma(y4, b4);
        }
        a0.intoArray(sums, 0);
        b0.intoArray(sums, COUNT);
        a1.intoArray(sums, 2 * COUNT);
        b1.intoArray(sums, 3 * COUNT);
        a2.intoArray(sums, 4 * COUNT);
        b2.intoArray(sums, 5 * COUNT);
        a3.intoArray(sums, 6 * COUNT);
        b3.intoArray(sums, 7 * COUNT);
        a4.intoArray(sums, 8 * COUNT);
        b4.intoArray(sums, 9 * COUNT);
        return touched;
    }

    private static int tokens6(
            MemorySegment w, long wOffset, int pairs, float[] x, int xOffset, float[] zeros, int first, int stride,
            float[] sums, long ahead, int step) {
        PageFaultGuard.set();
        FloatVector a0 = FloatVector.broadcast(FLOAT, zeros[first]), b0 = a0;
        FloatVector a1 = FloatVector.broadcast(FLOAT, zeros[first + stride]), b1 = a1;
        FloatVector a2 = FloatVector.broadcast(FLOAT, zeros[first + 2 * stride]), b2 = a2;
        FloatVector a3 = FloatVector.broadcast(FLOAT, zeros[first + 3 * stride]), b3 = a3;
        FloatVector a4 = FloatVector.broadcast(FLOAT, zeros[first + 4 * stride]), b4 = a4;
        FloatVector a5 = FloatVector.broadcast(FLOAT, zeros[first + 5 * stride]), b5 = a5;
        int touched = 0;
        for (int k = 0; k < pairs; k++) {
            touched += w.get(ValueLayout.JAVA_BYTE, ahead + k * step);
            long from = wOffset + 64L * (k >> 1) + (k & 1);
            IntVector pair = IntVector.fromMemorySegment(Species.INT, w, from, Species.FILE_ORDER);
            IntVector lower = pair.lanewise(LSHL, 12);
            IntVector upper = pair.lanewise(LSHR, 4);
            FloatVector a = (FloatVector) lower.and(0xf000).or(0x45000000).reinterpretShape(Species.FLOAT, 0);
            FloatVector b = (FloatVector) upper.and(0xf000).or(0x45000000).reinterpretShape(Species.FLOAT, 0);
            FloatVector x0 = FloatVector.broadcast(FLOAT, x[xOffset + 12 * k]);
            a0 = a.fma(x0, a0);
            b0 = b.fma(x0, b0);
            FloatVector x1 = FloatVector.broadcast(FLOAT, x[xOffset + 12 * k + 1]);
            a1 = a.fma(x1, a1);
            b1 = b.fma(x1, b1);
            FloatVector x2 = FloatVector.broadcast(FLOAT, x[xOffset + 12 * k + 2]);
            a2 = a.fma(x2, a2);
            b2 = b.fma(x2, b2);
            FloatVector x3 = FloatVector.broadcast(FLOAT, x[xOffset + 12 * k + 3]);
            a3 = a.fma(x3, a3);
            b3 = b.fma(x3, b3);
            FloatVector x4 = FloatVector.broadcast(FLOAT, x[xOffset + 12 * k + 4]);
            a4 = a.fma(x4, a4);
            b4 = b.fma(x4, b4);
            FloatVector x5 = FloatVector.broadcast(FLOAT, x[xOffset + 12 * k + 5]);
            a5 = a.fma(x5, a5);
            b5 = b.fma(x5, b5);
            FloatVector c = (FloatVector) lower.and(0xf0000).or(0x43000000).reinterpretShape(Species.FLOAT, 0);
            FloatVector d = (FloatVector) upper.and(0xf0000).or(0x43000000).reinterpretShape(Species.FLOAT, 0);
            FloatVector y0 = FloatVector.broadcast(FLOAT, x[xOffset + 12 * k + 6]);
            a0 = c.fma(y0, a0);
            b0 = d.fma(y0, b0);
            FloatVector y1 = FloatVector.broadcast(FLOAT, x[xOffset + 12 * k + 7]);
            a1 = c.fma(y1, a1);
            b1 = d.fma(y1, b1);
            FloatVector y2 = FloatVector.broadcast(FLOAT, x[xOffset + 12 * k + 8]);
            a2 = c.fma(y2, a2);
            b2 = d.fma(y2, b2);
            FloatVector y3 = FloatVector.broadcast(FLOAT, x[xOffset + 12 * k + 9]);
            a3 = c.fma(y3, a3);
            b3 = d.fma(y3, b3);
            FloatVector y4 = FloatVector.broadcast(FLOAT, x[xOffset + 12 * k + 10]);
            a4 = c.fma(y4, a4);
            b4 = d.fma(y4, b4);
            FloatVector y5 = FloatVector.broadcast(FLOAT, x[xOffset + 12 * k + 11]);
            a5 = c.fma(y5, a5);
            b5 = d.fma(y5, b5);
        }
        a0.intoArray(sums, 0);
        b0.intoArray(sums, COUNT);
        a1.intoArray(sums, 2 * COUNT);
        b1.intoArray(sums, 3 * COUNT);
        a2.intoArray(sums, 4 * COUNT);
        b2.intoArray(sums, 5 * COUNT);
        a3.intoArray(sums, 6 * COUNT);
        b3.intoArray(sums, 7 * COUNT);
        a4.intoArray(sums, 8 * COUNT);
        b4.intoArray(sums, 9 * COUNT);
        a5.intoArray(sums, 10 * COUNT);
        b5.intoArray(sums, 11 * COUNT);
        return touched;
    }
}
