package dev.mme5.engine.kernel.microkernel;

import dev.mme5.engine.kernel.simd.Species;
import jdk.incubator.vector.FloatVector;

/**
 * The innermost loop of every product: out = in + a · b, where a is some rows of up to {@link #DEPTH} floats, one behind the
 * other at that distance, and b a panel [depth, PANEL], two vectors wide. Every element of out is one chain of fused
 * multiply-adds over k, so neither the number of rows nor the width of a vector shows in the bits.
 *
 * <p>The rows are taken as many at a time as there are registers for: with 32 of them 12 rows hold 24 sums, two vectors of b and
 * one float of a; with 16 of them (vectors of less than 512 bit on most machines) 6 rows hold 12 sums. The methods differ in
 * nothing else; the compiler keeps sums in registers only where they are local variables.
 */
public final class TwoVectorMicroKernel {
    /** Distance of the rows of a, and so the most that depth can be. A constant, so that one register addresses all rows. */
    public static final int DEPTH = 256;

    /** Width of b, in floats. */
    public static final int PANEL = 2 * Species.COUNT;

    /** Rows in the largest tile. */
    static final int ROWS = Species.COUNT >= 16 ? 12 : 6;

    private TwoVectorMicroKernel() {}

    /** Any number of rows: out = in + a · b; in may be out, and with a stride of 0 one row serves as all of in. */
    public static void multiply(
            float[] a, int aAt, int rows, float[] b, int bAt, int depth,
            float[] in, int inAt, int inStride, float[] out, int outAt, int outStride) {
        assert depth <= DEPTH;
        int row = 0;
        for (int tile; row < rows; row += tile) {
            tile = tileOf(rows - row);
            int aRow = aAt + row * DEPTH;
            int inRow = inAt + row * inStride;
            int outRow = outAt + row * outStride;
            switch (tile) {
                case 12 -> rows12(a, aRow, b, bAt, depth, in, inRow, inStride, out, outRow, outStride);
                case 8 -> rows8(a, aRow, b, bAt, depth, in, inRow, inStride, out, outRow, outStride);
                case 6 -> rows6(a, aRow, b, bAt, depth, in, inRow, inStride, out, outRow, outStride);
                case 4 -> rows4(a, aRow, b, bAt, depth, in, inRow, inStride, out, outRow, outStride);
                default -> rows1(a, aRow, b, bAt, depth, in, inRow, inStride, out, outRow, outStride);
            }
        }
    }

    /** The largest tile for so many rows. */
    private static int tileOf(int rows) {
        if (rows >= ROWS) return ROWS;
        if (ROWS > 8 && rows >= 8) return 8;
        if (rows >= 6) return 6;
        return rows >= 4 ? 4 : 1;
    }

    /** 12 rows of a. */
    private static void rows12(
            float[] a, int aAt, float[] b, int bAt, int depth, float[] in, int inAt, int inStride, float[] out, int outAt, int outStride) {
        FloatVector c0l = FloatVector.fromArray(Species.FLOAT, in, inAt);
        FloatVector c0r = FloatVector.fromArray(Species.FLOAT, in, inAt + Species.COUNT);
        FloatVector c1l = FloatVector.fromArray(Species.FLOAT, in, inAt + inStride);
        FloatVector c1r = FloatVector.fromArray(Species.FLOAT, in, inAt + inStride + Species.COUNT);
        FloatVector c2l = FloatVector.fromArray(Species.FLOAT, in, inAt + 2 * inStride);
        FloatVector c2r = FloatVector.fromArray(Species.FLOAT, in, inAt + 2 * inStride + Species.COUNT);
        FloatVector c3l = FloatVector.fromArray(Species.FLOAT, in, inAt + 3 * inStride);
        FloatVector c3r = FloatVector.fromArray(Species.FLOAT, in, inAt + 3 * inStride + Species.COUNT);
        FloatVector c4l = FloatVector.fromArray(Species.FLOAT, in, inAt + 4 * inStride);
        FloatVector c4r = FloatVector.fromArray(Species.FLOAT, in, inAt + 4 * inStride + Species.COUNT);
        FloatVector c5l = FloatVector.fromArray(Species.FLOAT, in, inAt + 5 * inStride);
        FloatVector c5r = FloatVector.fromArray(Species.FLOAT, in, inAt + 5 * inStride + Species.COUNT);
        FloatVector c6l = FloatVector.fromArray(Species.FLOAT, in, inAt + 6 * inStride);
        FloatVector c6r = FloatVector.fromArray(Species.FLOAT, in, inAt + 6 * inStride + Species.COUNT);
        FloatVector c7l = FloatVector.fromArray(Species.FLOAT, in, inAt + 7 * inStride);
        FloatVector c7r = FloatVector.fromArray(Species.FLOAT, in, inAt + 7 * inStride + Species.COUNT);
        FloatVector c8l = FloatVector.fromArray(Species.FLOAT, in, inAt + 8 * inStride);
        FloatVector c8r = FloatVector.fromArray(Species.FLOAT, in, inAt + 8 * inStride + Species.COUNT);
        FloatVector c9l = FloatVector.fromArray(Species.FLOAT, in, inAt + 9 * inStride);
        FloatVector c9r = FloatVector.fromArray(Species.FLOAT, in, inAt + 9 * inStride + Species.COUNT);
        FloatVector c10l = FloatVector.fromArray(Species.FLOAT, in, inAt + 10 * inStride);
        FloatVector c10r = FloatVector.fromArray(Species.FLOAT, in, inAt + 10 * inStride + Species.COUNT);
        FloatVector c11l = FloatVector.fromArray(Species.FLOAT, in, inAt + 11 * inStride);
        FloatVector c11r = FloatVector.fromArray(Species.FLOAT, in, inAt + 11 * inStride + Species.COUNT);
        for (int k = 0; k < depth; k++) {
            FloatVector left = FloatVector.fromArray(Species.FLOAT, b, bAt + k * PANEL);
            FloatVector right = FloatVector.fromArray(Species.FLOAT, b, bAt + k * PANEL + Species.COUNT);
            FloatVector a0 = FloatVector.broadcast(Species.FLOAT, a[aAt + k]);
            c0l = a0.fma(left, c0l);
            c0r = a0.fma(right, c0r);
            FloatVector a1 = FloatVector.broadcast(Species.FLOAT, a[aAt + k + DEPTH]);
            c1l = a1.fma(left, c1l);
            c1r = a1.fma(right, c1r);
            FloatVector a2 = FloatVector.broadcast(Species.FLOAT, a[aAt + k + 2 * DEPTH]);
            c2l = a2.fma(left, c2l);
            c2r = a2.fma(right, c2r);
            FloatVector a3 = FloatVector.broadcast(Species.FLOAT, a[aAt + k + 3 * DEPTH]);
            c3l = a3.fma(left, c3l);
            c3r = a3.fma(right, c3r);
            FloatVector a4 = FloatVector.broadcast(Species.FLOAT, a[aAt + k + 4 * DEPTH]);
            c4l = a4.fma(left, c4l);
            c4r = a4.fma(right, c4r);
            FloatVector a5 = FloatVector.broadcast(Species.FLOAT, a[aAt + k + 5 * DEPTH]);
            c5l = a5.fma(left, c5l);
            c5r = a5.fma(right, c5r);
            FloatVector a6 = FloatVector.broadcast(Species.FLOAT, a[aAt + k + 6 * DEPTH]);
            c6l = a6.fma(left, c6l);
            c6r = a6.fma(right, c6r);
            FloatVector a7 = FloatVector.broadcast(Species.FLOAT, a[aAt + k + 7 * DEPTH]);
            c7l = a7.fma(left, c7l);
            c7r = a7.fma(right, c7r);
            FloatVector a8 = FloatVector.broadcast(Species.FLOAT, a[aAt + k + 8 * DEPTH]);
            c8l = a8.fma(left, c8l);
            c8r = a8.fma(right, c8r);
            FloatVector a9 = FloatVector.broadcast(Species.FLOAT, a[aAt + k + 9 * DEPTH]);
            c9l = a9.fma(left, c9l);
            c9r = a9.fma(right, c9r);
            FloatVector a10 = FloatVector.broadcast(Species.FLOAT, a[aAt + k + 10 * DEPTH]);
            c10l = a10.fma(left, c10l);
            c10r = a10.fma(right, c10r);
            FloatVector a11 = FloatVector.broadcast(Species.FLOAT, a[aAt + k + 11 * DEPTH]);
            c11l = a11.fma(left, c11l);
            c11r = a11.fma(right, c11r);
        }
        c0l.intoArray(out, outAt);
        c0r.intoArray(out, outAt + Species.COUNT);
        c1l.intoArray(out, outAt + outStride);
        c1r.intoArray(out, outAt + outStride + Species.COUNT);
        c2l.intoArray(out, outAt + 2 * outStride);
        c2r.intoArray(out, outAt + 2 * outStride + Species.COUNT);
        c3l.intoArray(out, outAt + 3 * outStride);
        c3r.intoArray(out, outAt + 3 * outStride + Species.COUNT);
        c4l.intoArray(out, outAt + 4 * outStride);
        c4r.intoArray(out, outAt + 4 * outStride + Species.COUNT);
        c5l.intoArray(out, outAt + 5 * outStride);
        c5r.intoArray(out, outAt + 5 * outStride + Species.COUNT);
        c6l.intoArray(out, outAt + 6 * outStride);
        c6r.intoArray(out, outAt + 6 * outStride + Species.COUNT);
        c7l.intoArray(out, outAt + 7 * outStride);
        c7r.intoArray(out, outAt + 7 * outStride + Species.COUNT);
        c8l.intoArray(out, outAt + 8 * outStride);
        c8r.intoArray(out, outAt + 8 * outStride + Species.COUNT);
        c9l.intoArray(out, outAt + 9 * outStride);
        c9r.intoArray(out, outAt + 9 * outStride + Species.COUNT);
        c10l.intoArray(out, outAt + 10 * outStride);
        c10r.intoArray(out, outAt + 10 * outStride + Species.COUNT);
        c11l.intoArray(out, outAt + 11 * outStride);
        c11r.intoArray(out, outAt + 11 * outStride + Species.COUNT);
    }

    /** 8 rows of a. */
    private static void rows8(
            float[] a, int aAt, float[] b, int bAt, int depth, float[] in, int inAt, int inStride, float[] out, int outAt, int outStride) {
        FloatVector c0l = FloatVector.fromArray(Species.FLOAT, in, inAt);
        FloatVector c0r = FloatVector.fromArray(Species.FLOAT, in, inAt + Species.COUNT);
        FloatVector c1l = FloatVector.fromArray(Species.FLOAT, in, inAt + inStride);
        FloatVector c1r = FloatVector.fromArray(Species.FLOAT, in, inAt + inStride + Species.COUNT);
        FloatVector c2l = FloatVector.fromArray(Species.FLOAT, in, inAt + 2 * inStride);
        FloatVector c2r = FloatVector.fromArray(Species.FLOAT, in, inAt + 2 * inStride + Species.COUNT);
        FloatVector c3l = FloatVector.fromArray(Species.FLOAT, in, inAt + 3 * inStride);
        FloatVector c3r = FloatVector.fromArray(Species.FLOAT, in, inAt + 3 * inStride + Species.COUNT);
        FloatVector c4l = FloatVector.fromArray(Species.FLOAT, in, inAt + 4 * inStride);
        FloatVector c4r = FloatVector.fromArray(Species.FLOAT, in, inAt + 4 * inStride + Species.COUNT);
        FloatVector c5l = FloatVector.fromArray(Species.FLOAT, in, inAt + 5 * inStride);
        FloatVector c5r = FloatVector.fromArray(Species.FLOAT, in, inAt + 5 * inStride + Species.COUNT);
        FloatVector c6l = FloatVector.fromArray(Species.FLOAT, in, inAt + 6 * inStride);
        FloatVector c6r = FloatVector.fromArray(Species.FLOAT, in, inAt + 6 * inStride + Species.COUNT);
        FloatVector c7l = FloatVector.fromArray(Species.FLOAT, in, inAt + 7 * inStride);
        FloatVector c7r = FloatVector.fromArray(Species.FLOAT, in, inAt + 7 * inStride + Species.COUNT);
        for (int k = 0; k < depth; k++) {
            FloatVector left = FloatVector.fromArray(Species.FLOAT, b, bAt + k * PANEL);
            FloatVector right = FloatVector.fromArray(Species.FLOAT, b, bAt + k * PANEL + Species.COUNT);
            FloatVector a0 = FloatVector.broadcast(Species.FLOAT, a[aAt + k]);
            c0l = a0.fma(left, c0l);
            c0r = a0.fma(right, c0r);
            FloatVector a1 = FloatVector.broadcast(Species.FLOAT, a[aAt + k + DEPTH]);
            c1l = a1.fma(left, c1l);
            c1r = a1.fma(right, c1r);
            FloatVector a2 = FloatVector.broadcast(Species.FLOAT, a[aAt + k + 2 * DEPTH]);
            c2l = a2.fma(left, c2l);
            c2r = a2.fma(right, c2r);
            FloatVector a3 = FloatVector.broadcast(Species.FLOAT, a[aAt + k + 3 * DEPTH]);
            c3l = a3.fma(left, c3l);
            c3r = a3.fma(right, c3r);
            FloatVector a4 = FloatVector.broadcast(Species.FLOAT, a[aAt + k + 4 * DEPTH]);
            c4l = a4.fma(left, c4l);
            c4r = a4.fma(right, c4r);
            FloatVector a5 = FloatVector.broadcast(Species.FLOAT, a[aAt + k + 5 * DEPTH]);
            c5l = a5.fma(left, c5l);
            c5r = a5.fma(right, c5r);
            FloatVector a6 = FloatVector.broadcast(Species.FLOAT, a[aAt + k + 6 * DEPTH]);
            c6l = a6.fma(left, c6l);
            c6r = a6.fma(right, c6r);
            FloatVector a7 = FloatVector.broadcast(Species.FLOAT, a[aAt + k + 7 * DEPTH]);
            c7l = a7.fma(left, c7l);
            c7r = a7.fma(right, c7r);
        }
        c0l.intoArray(out, outAt);
        c0r.intoArray(out, outAt + Species.COUNT);
        c1l.intoArray(out, outAt + outStride);
        c1r.intoArray(out, outAt + outStride + Species.COUNT);
        c2l.intoArray(out, outAt + 2 * outStride);
        c2r.intoArray(out, outAt + 2 * outStride + Species.COUNT);
        c3l.intoArray(out, outAt + 3 * outStride);
        c3r.intoArray(out, outAt + 3 * outStride + Species.COUNT);
        c4l.intoArray(out, outAt + 4 * outStride);
        c4r.intoArray(out, outAt + 4 * outStride + Species.COUNT);
        c5l.intoArray(out, outAt + 5 * outStride);
        c5r.intoArray(out, outAt + 5 * outStride + Species.COUNT);
        c6l.intoArray(out, outAt + 6 * outStride);
        c6r.intoArray(out, outAt + 6 * outStride + Species.COUNT);
        c7l.intoArray(out, outAt + 7 * outStride);
        c7r.intoArray(out, outAt + 7 * outStride + Species.COUNT);
    }

    /** 6 rows of a. */
    private static void rows6(
            float[] a, int aAt, float[] b, int bAt, int depth, float[] in, int inAt, int inStride, float[] out, int outAt, int outStride) {
        FloatVector c0l = FloatVector.fromArray(Species.FLOAT, in, inAt);
        FloatVector c0r = FloatVector.fromArray(Species.FLOAT, in, inAt + Species.COUNT);
        FloatVector c1l = FloatVector.fromArray(Species.FLOAT, in, inAt + inStride);
        FloatVector c1r = FloatVector.fromArray(Species.FLOAT, in, inAt + inStride + Species.COUNT);
        FloatVector c2l = FloatVector.fromArray(Species.FLOAT, in, inAt + 2 * inStride);
        FloatVector c2r = FloatVector.fromArray(Species.FLOAT, in, inAt + 2 * inStride + Species.COUNT);
        FloatVector c3l = FloatVector.fromArray(Species.FLOAT, in, inAt + 3 * inStride);
        FloatVector c3r = FloatVector.fromArray(Species.FLOAT, in, inAt + 3 * inStride + Species.COUNT);
        FloatVector c4l = FloatVector.fromArray(Species.FLOAT, in, inAt + 4 * inStride);
        FloatVector c4r = FloatVector.fromArray(Species.FLOAT, in, inAt + 4 * inStride + Species.COUNT);
        FloatVector c5l = FloatVector.fromArray(Species.FLOAT, in, inAt + 5 * inStride);
        FloatVector c5r = FloatVector.fromArray(Species.FLOAT, in, inAt + 5 * inStride + Species.COUNT);
        for (int k = 0; k < depth; k++) {
            FloatVector left = FloatVector.fromArray(Species.FLOAT, b, bAt + k * PANEL);
            FloatVector right = FloatVector.fromArray(Species.FLOAT, b, bAt + k * PANEL + Species.COUNT);
            FloatVector a0 = FloatVector.broadcast(Species.FLOAT, a[aAt + k]);
            c0l = a0.fma(left, c0l);
            c0r = a0.fma(right, c0r);
            FloatVector a1 = FloatVector.broadcast(Species.FLOAT, a[aAt + k + DEPTH]);
            c1l = a1.fma(left, c1l);
            c1r = a1.fma(right, c1r);
            FloatVector a2 = FloatVector.broadcast(Species.FLOAT, a[aAt + k + 2 * DEPTH]);
            c2l = a2.fma(left, c2l);
            c2r = a2.fma(right, c2r);
            FloatVector a3 = FloatVector.broadcast(Species.FLOAT, a[aAt + k + 3 * DEPTH]);
            c3l = a3.fma(left, c3l);
            c3r = a3.fma(right, c3r);
            FloatVector a4 = FloatVector.broadcast(Species.FLOAT, a[aAt + k + 4 * DEPTH]);
            c4l = a4.fma(left, c4l);
            c4r = a4.fma(right, c4r);
            FloatVector a5 = FloatVector.broadcast(Species.FLOAT, a[aAt + k + 5 * DEPTH]);
            c5l = a5.fma(left, c5l);
            c5r = a5.fma(right, c5r);
        }
        c0l.intoArray(out, outAt);
        c0r.intoArray(out, outAt + Species.COUNT);
        c1l.intoArray(out, outAt + outStride);
        c1r.intoArray(out, outAt + outStride + Species.COUNT);
        c2l.intoArray(out, outAt + 2 * outStride);
        c2r.intoArray(out, outAt + 2 * outStride + Species.COUNT);
        c3l.intoArray(out, outAt + 3 * outStride);
        c3r.intoArray(out, outAt + 3 * outStride + Species.COUNT);
        c4l.intoArray(out, outAt + 4 * outStride);
        c4r.intoArray(out, outAt + 4 * outStride + Species.COUNT);
        c5l.intoArray(out, outAt + 5 * outStride);
        c5r.intoArray(out, outAt + 5 * outStride + Species.COUNT);
    }

    /** 4 rows of a. */
    private static void rows4(
            float[] a, int aAt, float[] b, int bAt, int depth, float[] in, int inAt, int inStride, float[] out, int outAt, int outStride) {
        FloatVector c0l = FloatVector.fromArray(Species.FLOAT, in, inAt);
        FloatVector c0r = FloatVector.fromArray(Species.FLOAT, in, inAt + Species.COUNT);
        FloatVector c1l = FloatVector.fromArray(Species.FLOAT, in, inAt + inStride);
        FloatVector c1r = FloatVector.fromArray(Species.FLOAT, in, inAt + inStride + Species.COUNT);
        FloatVector c2l = FloatVector.fromArray(Species.FLOAT, in, inAt + 2 * inStride);
        FloatVector c2r = FloatVector.fromArray(Species.FLOAT, in, inAt + 2 * inStride + Species.COUNT);
        FloatVector c3l = FloatVector.fromArray(Species.FLOAT, in, inAt + 3 * inStride);
        FloatVector c3r = FloatVector.fromArray(Species.FLOAT, in, inAt + 3 * inStride + Species.COUNT);
        for (int k = 0; k < depth; k++) {
            FloatVector left = FloatVector.fromArray(Species.FLOAT, b, bAt + k * PANEL);
            FloatVector right = FloatVector.fromArray(Species.FLOAT, b, bAt + k * PANEL + Species.COUNT);
            FloatVector a0 = FloatVector.broadcast(Species.FLOAT, a[aAt + k]);
            c0l = a0.fma(left, c0l);
            c0r = a0.fma(right, c0r);
            FloatVector a1 = FloatVector.broadcast(Species.FLOAT, a[aAt + k + DEPTH]);
            c1l = a1.fma(left, c1l);
            c1r = a1.fma(right, c1r);
            FloatVector a2 = FloatVector.broadcast(Species.FLOAT, a[aAt + k + 2 * DEPTH]);
            c2l = a2.fma(left, c2l);
            c2r = a2.fma(right, c2r);
            FloatVector a3 = FloatVector.broadcast(Species.FLOAT, a[aAt + k + 3 * DEPTH]);
            c3l = a3.fma(left, c3l);
            c3r = a3.fma(right, c3r);
        }
        c0l.intoArray(out, outAt);
        c0r.intoArray(out, outAt + Species.COUNT);
        c1l.intoArray(out, outAt + outStride);
        c1r.intoArray(out, outAt + outStride + Species.COUNT);
        c2l.intoArray(out, outAt + 2 * outStride);
        c2r.intoArray(out, outAt + 2 * outStride + Species.COUNT);
        c3l.intoArray(out, outAt + 3 * outStride);
        c3r.intoArray(out, outAt + 3 * outStride + Species.COUNT);
    }

    /** 1 rows of a. */
    private static void rows1(
            float[] a, int aAt, float[] b, int bAt, int depth, float[] in, int inAt, int inStride, float[] out, int outAt, int outStride) {
        FloatVector c0l = FloatVector.fromArray(Species.FLOAT, in, inAt);
        FloatVector c0r = FloatVector.fromArray(Species.FLOAT, in, inAt + Species.COUNT);
        for (int k = 0; k < depth; k++) {
            FloatVector left = FloatVector.fromArray(Species.FLOAT, b, bAt + k * PANEL);
            FloatVector right = FloatVector.fromArray(Species.FLOAT, b, bAt + k * PANEL + Species.COUNT);
            FloatVector a0 = FloatVector.broadcast(Species.FLOAT, a[aAt + k]);
            c0l = a0.fma(left, c0l);
            c0r = a0.fma(right, c0r);
        }
        c0l.intoArray(out, outAt);
        c0r.intoArray(out, outAt + Species.COUNT);
    }
}
