package dev.mme5.engine.kernel.panels.near;

import static jdk.incubator.vector.VectorOperators.B2I;
import static jdk.incubator.vector.VectorOperators.I2F;

import dev.mme5.engine.kernel.panels.tiles.PanelTiles;
import dev.mme5.engine.kernel.simd.PageFaultGuard;
import dev.mme5.engine.kernel.simd.Species;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;

/** Register tiles of near 8-bit panels and 7 to 9 tokens, written by {@code TileSource}; {@link PanelTiles} explains them. */
public final class NearInt8Tiles7To9 {
    private static final int HALF = PanelTiles.HALF;
    private static final int GROUP = PanelTiles.GROUP;

    private NearInt8Tiles7To9() {}

    public static void multiply(
            int tokens, MemorySegment w, long wOffset, float[] scales, int scalesOffset, int depth, float[] x, int xOffset,
            float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride) {
        switch (tokens) {
            case 7 -> tokens7(
                    w, wOffset, scales, scalesOffset, depth, x, xOffset, in, inOffset, inStride, out, outOffset, outStride);
            case 8 -> tokens8(
                    w, wOffset, scales, scalesOffset, depth, x, xOffset, in, inOffset, inStride, out, outOffset, outStride);
            default -> tokens9(
                    w, wOffset, scales, scalesOffset, depth, x, xOffset, in, inOffset, inStride, out, outOffset, outStride);
        }
    }

    private static void tokens7(
            MemorySegment w, long wOffset, float[] scales, int scalesOffset, int depth, float[] x, int xOffset,
            float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride) {
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
        int j = xOffset;
        for (int from = 0; from < depth; from += GROUP) {
            int to = Math.min(depth, from + GROUP);
            int s = scalesOffset + from / GROUP * 2 * HALF;
            FloatVector sa = FloatVector.fromArray(Species.FLOAT, scales, s);
            FloatVector sb = FloatVector.fromArray(Species.FLOAT, scales, s + HALF);
            for (int i = 32 * from; i < 32 * to; i += 32) {
                ByteVector ca = ByteVector.fromMemorySegment(Species.SOME_BYTES, w, wOffset + i, Species.FILE_ORDER);
                ByteVector cb = ByteVector.fromMemorySegment(Species.SOME_BYTES, w, wOffset + i + HALF, Species.FILE_ORDER);
                FloatVector a = ((FloatVector) ca.convertShape(B2I, Species.INT, 0).convertShape(I2F, Species.FLOAT, 0)).mul(sa);
                FloatVector b = ((FloatVector) cb.convertShape(B2I, Species.INT, 0).convertShape(I2F, Species.FLOAT, 0)).mul(sb);
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
                FloatVector x6 = FloatVector.broadcast(Species.FLOAT, x[j + 6]);
                a6 = a.fma(x6, a6);
                b6 = b.fma(x6, b6);
                j += 7;
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
    }

    private static void tokens8(
            MemorySegment w, long wOffset, float[] scales, int scalesOffset, int depth, float[] x, int xOffset,
            float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride) {
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
        int j = xOffset;
        for (int from = 0; from < depth; from += GROUP) {
            int to = Math.min(depth, from + GROUP);
            int s = scalesOffset + from / GROUP * 2 * HALF;
            FloatVector sa = FloatVector.fromArray(Species.FLOAT, scales, s);
            FloatVector sb = FloatVector.fromArray(Species.FLOAT, scales, s + HALF);
            for (int i = 32 * from; i < 32 * to; i += 32) {
                ByteVector ca = ByteVector.fromMemorySegment(Species.SOME_BYTES, w, wOffset + i, Species.FILE_ORDER);
                ByteVector cb = ByteVector.fromMemorySegment(Species.SOME_BYTES, w, wOffset + i + HALF, Species.FILE_ORDER);
                FloatVector a = ((FloatVector) ca.convertShape(B2I, Species.INT, 0).convertShape(I2F, Species.FLOAT, 0)).mul(sa);
                FloatVector b = ((FloatVector) cb.convertShape(B2I, Species.INT, 0).convertShape(I2F, Species.FLOAT, 0)).mul(sb);
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
                FloatVector x6 = FloatVector.broadcast(Species.FLOAT, x[j + 6]);
                a6 = a.fma(x6, a6);
                b6 = b.fma(x6, b6);
                FloatVector x7 = FloatVector.broadcast(Species.FLOAT, x[j + 7]);
                a7 = a.fma(x7, a7);
                b7 = b.fma(x7, b7);
                j += 8;
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
    }

    private static void tokens9(
            MemorySegment w, long wOffset, float[] scales, int scalesOffset, int depth, float[] x, int xOffset,
            float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride) {
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
        int j = xOffset;
        for (int from = 0; from < depth; from += GROUP) {
            int to = Math.min(depth, from + GROUP);
            int s = scalesOffset + from / GROUP * 2 * HALF;
            FloatVector sa = FloatVector.fromArray(Species.FLOAT, scales, s);
            FloatVector sb = FloatVector.fromArray(Species.FLOAT, scales, s + HALF);
            for (int i = 32 * from; i < 32 * to; i += 32) {
                ByteVector ca = ByteVector.fromMemorySegment(Species.SOME_BYTES, w, wOffset + i, Species.FILE_ORDER);
                ByteVector cb = ByteVector.fromMemorySegment(Species.SOME_BYTES, w, wOffset + i + HALF, Species.FILE_ORDER);
                FloatVector a = ((FloatVector) ca.convertShape(B2I, Species.INT, 0).convertShape(I2F, Species.FLOAT, 0)).mul(sa);
                FloatVector b = ((FloatVector) cb.convertShape(B2I, Species.INT, 0).convertShape(I2F, Species.FLOAT, 0)).mul(sb);
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
                FloatVector x6 = FloatVector.broadcast(Species.FLOAT, x[j + 6]);
                a6 = a.fma(x6, a6);
                b6 = b.fma(x6, b6);
                FloatVector x7 = FloatVector.broadcast(Species.FLOAT, x[j + 7]);
                a7 = a.fma(x7, a7);
                b7 = b.fma(x7, b7);
                FloatVector x8 = FloatVector.broadcast(Species.FLOAT, x[j + 8]);
                a8 = a.fma(x8, a8);
                b8 = b.fma(x8, b8);
                j += 9;
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
    }
}
