package dev.mme5.engine.kernel.panels.tiles;

import static jdk.incubator.vector.VectorOperators.B2I;
import static jdk.incubator.vector.VectorOperators.I2F;

import dev.mme5.engine.kernel.simd.PageFaultGuard;
import dev.mme5.engine.kernel.simd.Species;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;

/** Register tiles of 8-bit panels and 10 to 12 tokens, written by {@code TileSource}; {@link PanelTiles} explains them. */
public final class Int8Tiles10To12 {
    private static final int HALF = PanelTiles.HALF;
    private static final int GROUP = PanelTiles.GROUP;

    private Int8Tiles10To12() {}

    public static int multiply(
            int tokens, MemorySegment w, long wOffset, float[] scales, int scalesOffset, int depth, float[] x, int xOffset,
            float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride, long ahead, int[] order) {
        return switch (tokens) {
            case 10 -> tokens10(
                    w, wOffset, scales, scalesOffset, depth, x, xOffset, in, inOffset, inStride, out, outOffset, outStride, ahead, order);
            case 11 -> tokens11(
                    w, wOffset, scales, scalesOffset, depth, x, xOffset, in, inOffset, inStride, out, outOffset, outStride, ahead, order);
            default -> tokens12(
                    w, wOffset, scales, scalesOffset, depth, x, xOffset, in, inOffset, inStride, out, outOffset, outStride, ahead, order);
        };
    }

    private static int tokens10(
            MemorySegment w, long wOffset, float[] scales, int scalesOffset, int depth, float[] x, int xOffset,
            float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride, long ahead, int[] order) {
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
        FloatVector a6 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 6 * inStride);
        FloatVector b6 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 6 * inStride + HALF);
        FloatVector a7 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 7 * inStride);
        FloatVector b7 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 7 * inStride + HALF);
        FloatVector a8 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 8 * inStride);
        FloatVector b8 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 8 * inStride + HALF);
        FloatVector a9 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 9 * inStride);
        FloatVector b9 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 9 * inStride + HALF);
        int touched = 0;
        for (int from = 0; from < depth; from += GROUP) {
            int to = Math.min(depth, from + GROUP);
            int s = scalesOffset + from / GROUP * 2 * HALF;
            FloatVector sa = FloatVector.fromArray(Species.FLOAT, scales, s);
            FloatVector sb = FloatVector.fromArray(Species.FLOAT, scales, s + HALF);
            for (int k = from; k < to; k++) {
                touched += w.get(ValueLayout.JAVA_BYTE, ahead + order[k]);
                ByteVector ca = ByteVector.fromMemorySegment(Species.SOME_BYTES, w, wOffset + 32L * k, Species.FILE_ORDER);
                ByteVector cb = ByteVector.fromMemorySegment(Species.SOME_BYTES, w, wOffset + 32L * k + HALF, Species.FILE_ORDER);
                FloatVector a = ((FloatVector) ca.convertShape(B2I, Species.INT, 0).convertShape(I2F, Species.FLOAT, 0)).mul(sa);
                FloatVector b = ((FloatVector) cb.convertShape(B2I, Species.INT, 0).convertShape(I2F, Species.FLOAT, 0)).mul(sb);
                FloatVector x0 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 10 * k]);
                a0 = a.fma(x0, a0);
                b0 = b.fma(x0, b0);
                FloatVector x1 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 10 * k + 1]);
                a1 = a.fma(x1, a1);
                b1 = b.fma(x1, b1);
                FloatVector x2 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 10 * k + 2]);
                a2 = a.fma(x2, a2);
                b2 = b.fma(x2, b2);
                FloatVector x3 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 10 * k + 3]);
                a3 = a.fma(x3, a3);
                b3 = b.fma(x3, b3);
                FloatVector x4 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 10 * k + 4]);
                a4 = a.fma(x4, a4);
                b4 = b.fma(x4, b4);
                FloatVector x5 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 10 * k + 5]);
                a5 = a.fma(x5, a5);
                b5 = b.fma(x5, b5);
                FloatVector x6 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 10 * k + 6]);
                a6 = a.fma(x6, a6);
                b6 = b.fma(x6, b6);
                FloatVector x7 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 10 * k + 7]);
                a7 = a.fma(x7, a7);
                b7 = b.fma(x7, b7);
                FloatVector x8 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 10 * k + 8]);
                a8 = a.fma(x8, a8);
                b8 = b.fma(x8, b8);
                FloatVector x9 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 10 * k + 9]);
                a9 = a.fma(x9, a9);
                b9 = b.fma(x9, b9);
            }
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
        a6.intoArray(out, outOffset + 6 * outStride);
        b6.intoArray(out, outOffset + 6 * outStride + HALF);
        a7.intoArray(out, outOffset + 7 * outStride);
        b7.intoArray(out, outOffset + 7 * outStride + HALF);
        a8.intoArray(out, outOffset + 8 * outStride);
        b8.intoArray(out, outOffset + 8 * outStride + HALF);
        a9.intoArray(out, outOffset + 9 * outStride);
        b9.intoArray(out, outOffset + 9 * outStride + HALF);
        return touched;
    }

    private static int tokens11(
            MemorySegment w, long wOffset, float[] scales, int scalesOffset, int depth, float[] x, int xOffset,
            float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride, long ahead, int[] order) {
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
        FloatVector a6 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 6 * inStride);
        FloatVector b6 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 6 * inStride + HALF);
        FloatVector a7 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 7 * inStride);
        FloatVector b7 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 7 * inStride + HALF);
        FloatVector a8 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 8 * inStride);
        FloatVector b8 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 8 * inStride + HALF);
        FloatVector a9 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 9 * inStride);
        FloatVector b9 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 9 * inStride + HALF);
        FloatVector a10 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 10 * inStride);
        FloatVector b10 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 10 * inStride + HALF);
        int touched = 0;
        for (int from = 0; from < depth; from += GROUP) {
            int to = Math.min(depth, from + GROUP);
            int s = scalesOffset + from / GROUP * 2 * HALF;
            FloatVector sa = FloatVector.fromArray(Species.FLOAT, scales, s);
            FloatVector sb = FloatVector.fromArray(Species.FLOAT, scales, s + HALF);
            for (int k = from; k < to; k++) {
                touched += w.get(ValueLayout.JAVA_BYTE, ahead + order[k]);
                ByteVector ca = ByteVector.fromMemorySegment(Species.SOME_BYTES, w, wOffset + 32L * k, Species.FILE_ORDER);
                ByteVector cb = ByteVector.fromMemorySegment(Species.SOME_BYTES, w, wOffset + 32L * k + HALF, Species.FILE_ORDER);
                FloatVector a = ((FloatVector) ca.convertShape(B2I, Species.INT, 0).convertShape(I2F, Species.FLOAT, 0)).mul(sa);
                FloatVector b = ((FloatVector) cb.convertShape(B2I, Species.INT, 0).convertShape(I2F, Species.FLOAT, 0)).mul(sb);
                FloatVector x0 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 11 * k]);
                a0 = a.fma(x0, a0);
                b0 = b.fma(x0, b0);
                FloatVector x1 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 11 * k + 1]);
                a1 = a.fma(x1, a1);
                b1 = b.fma(x1, b1);
                FloatVector x2 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 11 * k + 2]);
                a2 = a.fma(x2, a2);
                b2 = b.fma(x2, b2);
                FloatVector x3 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 11 * k + 3]);
                a3 = a.fma(x3, a3);
                b3 = b.fma(x3, b3);
                FloatVector x4 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 11 * k + 4]);
                a4 = a.fma(x4, a4);
                b4 = b.fma(x4, b4);
                FloatVector x5 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 11 * k + 5]);
                a5 = a.fma(x5, a5);
                b5 = b.fma(x5, b5);
                FloatVector x6 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 11 * k + 6]);
                a6 = a.fma(x6, a6);
                b6 = b.fma(x6, b6);
                FloatVector x7 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 11 * k + 7]);
                a7 = a.fma(x7, a7);
                b7 = b.fma(x7, b7);
                FloatVector x8 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 11 * k + 8]);
                a8 = a.fma(x8, a8);
                b8 = b.fma(x8, b8);
                FloatVector x9 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 11 * k + 9]);
                a9 = a.fma(x9, a9);
                b9 = b.fma(x9, b9);
                FloatVector x10 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 11 * k + 10]);
                a10 = a.fma(x10, a10);
                b10 = b.fma(x10, b10);
            }
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
        a6.intoArray(out, outOffset + 6 * outStride);
        b6.intoArray(out, outOffset + 6 * outStride + HALF);
        a7.intoArray(out, outOffset + 7 * outStride);
        b7.intoArray(out, outOffset + 7 * outStride + HALF);
        a8.intoArray(out, outOffset + 8 * outStride);
        b8.intoArray(out, outOffset + 8 * outStride + HALF);
        a9.intoArray(out, outOffset + 9 * outStride);
        b9.intoArray(out, outOffset + 9 * outStride + HALF);
        a10.intoArray(out, outOffset + 10 * outStride);
        b10.intoArray(out, outOffset + 10 * outStride + HALF);
        return touched;
    }

    private static int tokens12(
            MemorySegment w, long wOffset, float[] scales, int scalesOffset, int depth, float[] x, int xOffset,
            float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride, long ahead, int[] order) {
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
        FloatVector a6 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 6 * inStride);
        FloatVector b6 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 6 * inStride + HALF);
        FloatVector a7 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 7 * inStride);
        FloatVector b7 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 7 * inStride + HALF);
        FloatVector a8 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 8 * inStride);
        FloatVector b8 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 8 * inStride + HALF);
        FloatVector a9 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 9 * inStride);
        FloatVector b9 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 9 * inStride + HALF);
        FloatVector a10 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 10 * inStride);
        FloatVector b10 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 10 * inStride + HALF);
        FloatVector a11 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 11 * inStride);
        FloatVector b11 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 11 * inStride + HALF);
        int touched = 0;
        for (int k = 0; k < depth; k++) {
            touched += w.get(ValueLayout.JAVA_BYTE, ahead + order[k]);
            int s = scalesOffset + (k >> 6) * 2 * HALF;
            FloatVector sa = FloatVector.fromArray(Species.FLOAT, scales, s);
            FloatVector sb = FloatVector.fromArray(Species.FLOAT, scales, s + HALF);
            ByteVector ca = ByteVector.fromMemorySegment(Species.SOME_BYTES, w, wOffset + 32L * k, Species.FILE_ORDER);
            ByteVector cb = ByteVector.fromMemorySegment(Species.SOME_BYTES, w, wOffset + 32L * k + HALF, Species.FILE_ORDER);
            FloatVector a = ((FloatVector) ca.convertShape(B2I, Species.INT, 0).convertShape(I2F, Species.FLOAT, 0)).mul(sa);
            FloatVector b = ((FloatVector) cb.convertShape(B2I, Species.INT, 0).convertShape(I2F, Species.FLOAT, 0)).mul(sb);
            FloatVector x0 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 12 * k]);
            a0 = a.fma(x0, a0);
            b0 = b.fma(x0, b0);
            FloatVector x1 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 12 * k + 1]);
            a1 = a.fma(x1, a1);
            b1 = b.fma(x1, b1);
            FloatVector x2 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 12 * k + 2]);
            a2 = a.fma(x2, a2);
            b2 = b.fma(x2, b2);
            FloatVector x3 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 12 * k + 3]);
            a3 = a.fma(x3, a3);
            b3 = b.fma(x3, b3);
            FloatVector x4 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 12 * k + 4]);
            a4 = a.fma(x4, a4);
            b4 = b.fma(x4, b4);
            FloatVector x5 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 12 * k + 5]);
            a5 = a.fma(x5, a5);
            b5 = b.fma(x5, b5);
            FloatVector x6 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 12 * k + 6]);
            a6 = a.fma(x6, a6);
            b6 = b.fma(x6, b6);
            FloatVector x7 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 12 * k + 7]);
            a7 = a.fma(x7, a7);
            b7 = b.fma(x7, b7);
            FloatVector x8 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 12 * k + 8]);
            a8 = a.fma(x8, a8);
            b8 = b.fma(x8, b8);
            FloatVector x9 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 12 * k + 9]);
            a9 = a.fma(x9, a9);
            b9 = b.fma(x9, b9);
            FloatVector x10 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 12 * k + 10]);
            a10 = a.fma(x10, a10);
            b10 = b.fma(x10, b10);
            FloatVector x11 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 12 * k + 11]);
            a11 = a.fma(x11, a11);
            b11 = b.fma(x11, b11);
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
        a6.intoArray(out, outOffset + 6 * outStride);
        b6.intoArray(out, outOffset + 6 * outStride + HALF);
        a7.intoArray(out, outOffset + 7 * outStride);
        b7.intoArray(out, outOffset + 7 * outStride + HALF);
        a8.intoArray(out, outOffset + 8 * outStride);
        b8.intoArray(out, outOffset + 8 * outStride + HALF);
        a9.intoArray(out, outOffset + 9 * outStride);
        b9.intoArray(out, outOffset + 9 * outStride + HALF);
        a10.intoArray(out, outOffset + 10 * outStride);
        b10.intoArray(out, outOffset + 10 * outStride + HALF);
        a11.intoArray(out, outOffset + 11 * outStride);
        b11.intoArray(out, outOffset + 11 * outStride + HALF);
        return touched;
    }
}
