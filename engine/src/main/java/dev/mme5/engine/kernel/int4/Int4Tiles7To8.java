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

/** Register tiles of 4-bit panels and 7 to 8 tokens, written by {@code Int4TileSource}; {@link Int4Tiles} explains them. */
final class Int4Tiles7To8 {
    private Int4Tiles7To8() {}

    static int multiply(
            int tokens, MemorySegment w, long wOffset, int pairs, float[] x, int xOffset, float[] zeros, int first, int stride,
            float[] sums, long ahead, int step) {
        return switch (tokens) {
            case 7 -> tokens7(w, wOffset, pairs, x, xOffset, zeros, first, stride, sums, ahead, step);
            default -> tokens8(w, wOffset, pairs, x, xOffset, zeros, first, stride, sums, ahead, step);
        };
    }

    private static int tokens7(
            MemorySegment w, long wOffset, int pairs, float[] x, int xOffset, float[] zeros, int first, int stride,
            float[] sums, long ahead, int step) {
        PageFaultGuard.set();
        FloatVector a0 = FloatVector.broadcast(FLOAT, zeros[first]), b0 = a0;
        FloatVector a1 = FloatVector.broadcast(FLOAT, zeros[first + stride]), b1 = a1;
        FloatVector a2 = FloatVector.broadcast(FLOAT, zeros[first + 2 * stride]), b2 = a2;
        FloatVector a3 = FloatVector.broadcast(FLOAT, zeros[first + 3 * stride]), b3 = a3;
        FloatVector a4 = FloatVector.broadcast(FLOAT, zeros[first + 4 * stride]), b4 = a4;
        FloatVector a5 = FloatVector.broadcast(FLOAT, zeros[first + 5 * stride]), b5 = a5;
        FloatVector a6 = FloatVector.broadcast(FLOAT, zeros[first + 6 * stride]), b6 = a6;
        int touched = 0;
        for (int k = 0; k < pairs; k++) {
            touched += w.get(ValueLayout.JAVA_BYTE, ahead + k * step);
            long from = wOffset + 64L * (k >> 1) + (k & 1);
            IntVector pair = IntVector.fromMemorySegment(Species.INT, w, from, Species.FILE_ORDER);
            IntVector lower = pair.lanewise(LSHL, 12);
            IntVector upper = pair.lanewise(LSHR, 4);
            FloatVector a = (FloatVector) lower.and(0xf000).or(0x45000000).reinterpretShape(Species.FLOAT, 0);
            FloatVector b = (FloatVector) upper.and(0xf000).or(0x45000000).reinterpretShape(Species.FLOAT, 0);
            FloatVector x0 = FloatVector.broadcast(FLOAT, x[xOffset + 14 * k]);
            a0 = a.fma(x0, a0);
            b0 = b.fma(x0, b0);
            FloatVector x1 = FloatVector.broadcast(FLOAT, x[xOffset + 14 * k + 1]);
            a1 = a.fma(x1, a1);
            b1 = b.fma(x1, b1);
            FloatVector x2 = FloatVector.broadcast(FLOAT, x[xOffset + 14 * k + 2]);
            a2 = a.fma(x2, a2);
            b2 = b.fma(x2, b2);
            FloatVector x3 = FloatVector.broadcast(FLOAT, x[xOffset + 14 * k + 3]);
            a3 = a.fma(x3, a3);
            b3 = b.fma(x3, b3);
            FloatVector x4 = FloatVector.broadcast(FLOAT, x[xOffset + 14 * k + 4]);
            a4 = a.fma(x4, a4);
            b4 = b.fma(x4, b4);
            FloatVector x5 = FloatVector.broadcast(FLOAT, x[xOffset + 14 * k + 5]);
            a5 = a.fma(x5, a5);
            b5 = b.fma(x5, b5);
            FloatVector x6 = FloatVector.broadcast(FLOAT, x[xOffset + 14 * k + 6]);
            a6 = a.fma(x6, a6);
            b6 = b.fma(x6, b6);
            FloatVector c = (FloatVector) lower.and(0xf0000).or(0x43000000).reinterpretShape(Species.FLOAT, 0);
            FloatVector d = (FloatVector) upper.and(0xf0000).or(0x43000000).reinterpretShape(Species.FLOAT, 0);
            FloatVector y0 = FloatVector.broadcast(FLOAT, x[xOffset + 14 * k + 7]);
            a0 = c.fma(y0, a0);
            b0 = d.fma(y0, b0);
            FloatVector y1 = FloatVector.broadcast(FLOAT, x[xOffset + 14 * k + 8]);
            a1 = c.fma(y1, a1);
            b1 = d.fma(y1, b1);
            FloatVector y2 = FloatVector.broadcast(FLOAT, x[xOffset + 14 * k + 9]);
            a2 = c.fma(y2, a2);
            b2 = d.fma(y2, b2);
            FloatVector y3 = FloatVector.broadcast(FLOAT, x[xOffset + 14 * k + 10]);
            a3 = c.fma(y3, a3);
            b3 = d.fma(y3, b3);
            FloatVector y4 = FloatVector.broadcast(FLOAT, x[xOffset + 14 * k + 11]);
            a4 = c.fma(y4, a4);
            b4 = d.fma(y4, b4);
            FloatVector y5 = FloatVector.broadcast(FLOAT, x[xOffset + 14 * k + 12]);
            a5 = c.fma(y5, a5);
            b5 = d.fma(y5, b5);
            FloatVector y6 = FloatVector.broadcast(FLOAT, x[xOffset + 14 * k + 13]);
            a6 = c.fma(y6, a6);
            b6 = d.fma(y6, b6);
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
        a6.intoArray(sums, 12 * COUNT);
        b6.intoArray(sums, 13 * COUNT);
        return touched;
    }

    private static int tokens8(
            MemorySegment w, long wOffset, int pairs, float[] x, int xOffset, float[] zeros, int first, int stride,
            float[] sums, long ahead, int step) {
        PageFaultGuard.set();
        FloatVector a0 = FloatVector.broadcast(FLOAT, zeros[first]), b0 = a0;
        FloatVector a1 = FloatVector.broadcast(FLOAT, zeros[first + stride]), b1 = a1;
        FloatVector a2 = FloatVector.broadcast(FLOAT, zeros[first + 2 * stride]), b2 = a2;
        FloatVector a3 = FloatVector.broadcast(FLOAT, zeros[first + 3 * stride]), b3 = a3;
        FloatVector a4 = FloatVector.broadcast(FLOAT, zeros[first + 4 * stride]), b4 = a4;
        FloatVector a5 = FloatVector.broadcast(FLOAT, zeros[first + 5 * stride]), b5 = a5;
        FloatVector a6 = FloatVector.broadcast(FLOAT, zeros[first + 6 * stride]), b6 = a6;
        FloatVector a7 = FloatVector.broadcast(FLOAT, zeros[first + 7 * stride]), b7 = a7;
        int touched = 0;
        for (int k = 0; k < pairs; k++) {
            touched += w.get(ValueLayout.JAVA_BYTE, ahead + k * step);
            long from = wOffset + 64L * (k >> 1) + (k & 1);
            IntVector pair = IntVector.fromMemorySegment(Species.INT, w, from, Species.FILE_ORDER);
            IntVector lower = pair.lanewise(LSHL, 12);
            IntVector upper = pair.lanewise(LSHR, 4);
            FloatVector a = (FloatVector) lower.and(0xf000).or(0x45000000).reinterpretShape(Species.FLOAT, 0);
            FloatVector b = (FloatVector) upper.and(0xf000).or(0x45000000).reinterpretShape(Species.FLOAT, 0);
            FloatVector x0 = FloatVector.broadcast(FLOAT, x[xOffset + 16 * k]);
            a0 = a.fma(x0, a0);
            b0 = b.fma(x0, b0);
            FloatVector x1 = FloatVector.broadcast(FLOAT, x[xOffset + 16 * k + 1]);
            a1 = a.fma(x1, a1);
            b1 = b.fma(x1, b1);
            FloatVector x2 = FloatVector.broadcast(FLOAT, x[xOffset + 16 * k + 2]);
            a2 = a.fma(x2, a2);
            b2 = b.fma(x2, b2);
            FloatVector x3 = FloatVector.broadcast(FLOAT, x[xOffset + 16 * k + 3]);
            a3 = a.fma(x3, a3);
            b3 = b.fma(x3, b3);
            FloatVector x4 = FloatVector.broadcast(FLOAT, x[xOffset + 16 * k + 4]);
            a4 = a.fma(x4, a4);
            b4 = b.fma(x4, b4);
            FloatVector x5 = FloatVector.broadcast(FLOAT, x[xOffset + 16 * k + 5]);
            a5 = a.fma(x5, a5);
            b5 = b.fma(x5, b5);
            FloatVector x6 = FloatVector.broadcast(FLOAT, x[xOffset + 16 * k + 6]);
            a6 = a.fma(x6, a6);
            b6 = b.fma(x6, b6);
            FloatVector x7 = FloatVector.broadcast(FLOAT, x[xOffset + 16 * k + 7]);
            a7 = a.fma(x7, a7);
            b7 = b.fma(x7, b7);
            FloatVector c = (FloatVector) lower.and(0xf0000).or(0x43000000).reinterpretShape(Species.FLOAT, 0);
            FloatVector d = (FloatVector) upper.and(0xf0000).or(0x43000000).reinterpretShape(Species.FLOAT, 0);
            FloatVector y0 = FloatVector.broadcast(FLOAT, x[xOffset + 16 * k + 8]);
            a0 = c.fma(y0, a0);
            b0 = d.fma(y0, b0);
            FloatVector y1 = FloatVector.broadcast(FLOAT, x[xOffset + 16 * k + 9]);
            a1 = c.fma(y1, a1);
            b1 = d.fma(y1, b1);
            FloatVector y2 = FloatVector.broadcast(FLOAT, x[xOffset + 16 * k + 10]);
            a2 = c.fma(y2, a2);
            b2 = d.fma(y2, b2);
            FloatVector y3 = FloatVector.broadcast(FLOAT, x[xOffset + 16 * k + 11]);
            a3 = c.fma(y3, a3);
            b3 = d.fma(y3, b3);
            FloatVector y4 = FloatVector.broadcast(FLOAT, x[xOffset + 16 * k + 12]);
            a4 = c.fma(y4, a4);
            b4 = d.fma(y4, b4);
            FloatVector y5 = FloatVector.broadcast(FLOAT, x[xOffset + 16 * k + 13]);
            a5 = c.fma(y5, a5);
            b5 = d.fma(y5, b5);
            FloatVector y6 = FloatVector.broadcast(FLOAT, x[xOffset + 16 * k + 14]);
            a6 = c.fma(y6, a6);
            b6 = d.fma(y6, b6);
            FloatVector y7 = FloatVector.broadcast(FLOAT, x[xOffset + 16 * k + 15]);
            a7 = c.fma(y7, a7);
            b7 = d.fma(y7, b7);
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
        a6.intoArray(sums, 12 * COUNT);
        b6.intoArray(sums, 13 * COUNT);
        a7.intoArray(sums, 14 * COUNT);
        b7.intoArray(sums, 15 * COUNT);
        return touched;
    }
}
