package dev.mme5.engine.kernel.panels.tiles;

import static jdk.incubator.vector.VectorOperators.B2I;
import static jdk.incubator.vector.VectorOperators.I2F;

import dev.mme5.engine.kernel.simd.PageFaultGuard;
import dev.mme5.engine.kernel.simd.Species;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;

/** Register tiles of 8-bit panels and 1 to 6 tokens, written by {@code TileSource}; {@link PanelTiles} explains them. */
public final class Int8Tiles1To6 {
    private static final int HALF = PanelTiles.HALF;
    private static final int GROUP = PanelTiles.GROUP;

    private Int8Tiles1To6() {}

    public static int multiply(
            int tokens, MemorySegment w, long wOffset, float[] scales, int scalesOffset, int depth, float[] x, int xOffset,
            float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride, long ahead, int[] order) {
        return switch (tokens) {
            case 1 -> tokens1(
                    w, wOffset, scales, scalesOffset, depth, x, xOffset, in, inOffset, inStride, out, outOffset, outStride, ahead, order);
            case 2 -> tokens2(
                    w, wOffset, scales, scalesOffset, depth, x, xOffset, in, inOffset, inStride, out, outOffset, outStride, ahead, order);
            case 3 -> tokens3(
                    w, wOffset, scales, scalesOffset, depth, x, xOffset, in, inOffset, inStride, out, outOffset, outStride, ahead, order);
            case 4 -> tokens4(
                    w, wOffset, scales, scalesOffset, depth, x, xOffset, in, inOffset, inStride, out, outOffset, outStride, ahead, order);
            case 5 -> tokens5(
                    w, wOffset, scales, scalesOffset, depth, x, xOffset, in, inOffset, inStride, out, outOffset, outStride, ahead, order);
            default -> tokens6(
                    w, wOffset, scales, scalesOffset, depth, x, xOffset, in, inOffset, inStride, out, outOffset, outStride, ahead, order);
        };
    }

    private static int tokens1(
            MemorySegment w, long wOffset, float[] scales, int scalesOffset, int depth, float[] x, int xOffset,
            float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride, long ahead, int[] order) {
        PageFaultGuard.set();
        FloatVector a0 = FloatVector.fromArray(Species.FLOAT, in, inOffset);
        FloatVector b0 = FloatVector.fromArray(Species.FLOAT, in, inOffset + HALF);
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
                FloatVector x0 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 1 * k]);
                a0 = a.fma(x0, a0);
                b0 = b.fma(x0, b0);
            }
        }
        a0.intoArray(out, outOffset);
        b0.intoArray(out, outOffset + HALF);
        return touched;
    }

    private static int tokens2(
            MemorySegment w, long wOffset, float[] scales, int scalesOffset, int depth, float[] x, int xOffset,
            float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride, long ahead, int[] order) {
        PageFaultGuard.set();
        FloatVector a0 = FloatVector.fromArray(Species.FLOAT, in, inOffset);
        FloatVector b0 = FloatVector.fromArray(Species.FLOAT, in, inOffset + HALF);
        FloatVector a1 = FloatVector.fromArray(Species.FLOAT, in, inOffset + inStride);
        FloatVector b1 = FloatVector.fromArray(Species.FLOAT, in, inOffset + inStride + HALF);
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
                FloatVector x0 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 2 * k]);
                a0 = a.fma(x0, a0);
                b0 = b.fma(x0, b0);
                FloatVector x1 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 2 * k + 1]);
                a1 = a.fma(x1, a1);
                b1 = b.fma(x1, b1);
            }
        }
        a0.intoArray(out, outOffset);
        b0.intoArray(out, outOffset + HALF);
        a1.intoArray(out, outOffset + outStride);
        b1.intoArray(out, outOffset + outStride + HALF);
        return touched;
    }

    private static int tokens3(
            MemorySegment w, long wOffset, float[] scales, int scalesOffset, int depth, float[] x, int xOffset,
            float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride, long ahead, int[] order) {
        PageFaultGuard.set();
        FloatVector a0 = FloatVector.fromArray(Species.FLOAT, in, inOffset);
        FloatVector b0 = FloatVector.fromArray(Species.FLOAT, in, inOffset + HALF);
        FloatVector a1 = FloatVector.fromArray(Species.FLOAT, in, inOffset + inStride);
        FloatVector b1 = FloatVector.fromArray(Species.FLOAT, in, inOffset + inStride + HALF);
        FloatVector a2 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 2 * inStride);
        FloatVector b2 = FloatVector.fromArray(Species.FLOAT, in, inOffset + 2 * inStride + HALF);
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
                FloatVector x0 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 3 * k]);
                a0 = a.fma(x0, a0);
                b0 = b.fma(x0, b0);
                FloatVector x1 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 3 * k + 1]);
                a1 = a.fma(x1, a1);
                b1 = b.fma(x1, b1);
                FloatVector x2 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 3 * k + 2]);
                a2 = a.fma(x2, a2);
                b2 = b.fma(x2, b2);
            }
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
                FloatVector x0 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 4 * k]);
                a0 = a.fma(x0, a0);
                b0 = b.fma(x0, b0);
                FloatVector x1 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 4 * k + 1]);
                a1 = a.fma(x1, a1);
                b1 = b.fma(x1, b1);
                FloatVector x2 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 4 * k + 2]);
                a2 = a.fma(x2, a2);
                b2 = b.fma(x2, b2);
                FloatVector x3 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 4 * k + 3]);
                a3 = a.fma(x3, a3);
                b3 = b.fma(x3, b3);
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
        return touched;
    }

    private static int tokens5(
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
                FloatVector x0 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 5 * k]);
                a0 = a.fma(x0, a0);
                b0 = b.fma(x0, b0);
                FloatVector x1 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 5 * k + 1]);
                a1 = a.fma(x1, a1);
                b1 = b.fma(x1, b1);
                FloatVector x2 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 5 * k + 2]);
                a2 = a.fma(x2, a2);
                b2 = b.fma(x2, b2);
                FloatVector x3 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 5 * k + 3]);
                a3 = a.fma(x3, a3);
                b3 = b.fma(x3, b3);
                FloatVector x4 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 5 * k + 4]);
                a4 = a.fma(x4, a4);
                b4 = b.fma(x4, b4);
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
        return touched;
    }

    private static int tokens6(
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
                FloatVector x0 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 6 * k]);
                a0 = a.fma(x0, a0);
                b0 = b.fma(x0, b0);
                FloatVector x1 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 6 * k + 1]);
                a1 = a.fma(x1, a1);
                b1 = b.fma(x1, b1);
                FloatVector x2 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 6 * k + 2]);
                a2 = a.fma(x2, a2);
                b2 = b.fma(x2, b2);
                FloatVector x3 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 6 * k + 3]);
                a3 = a.fma(x3, a3);
                b3 = b.fma(x3, b3);
                FloatVector x4 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 6 * k + 4]);
                a4 = a.fma(x4, a4);
                b4 = b.fma(x4, b4);
                FloatVector x5 = FloatVector.broadcast(Species.FLOAT, x[xOffset + 6 * k + 5]);
                a5 = a.fma(x5, a5);
                b5 = b.fma(x5, b5);
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
        return touched;
    }
}
