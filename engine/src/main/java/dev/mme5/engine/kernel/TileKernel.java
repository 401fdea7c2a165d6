package dev.mme5.engine.kernel;

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
final class TileKernel {
    /** Distance of the rows of a, and so the most that depth can be. A constant, so that one register addresses all rows. */
    static final int DEPTH = 256;

    /** Width of b, in floats. */
    static final int PANEL = 2 * Lanes.COUNT;

    /** Rows in the largest tile. */
    static final int ROWS = Lanes.COUNT >= 16 ? 12 : 6;

    private TileKernel() {}

    /** Any number of rows: out = in + a · b; in may be out, and with a stride of 0 one row serves as all of in. */
    static void multiply(
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
        FloatVector c0l = FloatVector.fromArray(Lanes.FLOAT, in, inAt);
        FloatVector c0r = FloatVector.fromArray(Lanes.FLOAT, in, inAt + Lanes.COUNT);
        FloatVector c1l = FloatVector.fromArray(Lanes.FLOAT, in, inAt + inStride);
        FloatVector c1r = FloatVector.fromArray(Lanes.FLOAT, in, inAt + inStride + Lanes.COUNT);
        FloatVector c2l = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 2 * inStride);
        FloatVector c2r = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 2 * inStride + Lanes.COUNT);
        FloatVector c3l = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 3 * inStride);
        FloatVector c3r = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 3 * inStride + Lanes.COUNT);
        FloatVector c4l = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 4 * inStride);
        FloatVector c4r = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 4 * inStride + Lanes.COUNT);
        FloatVector c5l = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 5 * inStride);
        FloatVector c5r = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 5 * inStride + Lanes.COUNT);
        FloatVector c6l = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 6 * inStride);
        FloatVector c6r = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 6 * inStride + Lanes.COUNT);
        FloatVector c7l = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 7 * inStride);
        FloatVector c7r = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 7 * inStride + Lanes.COUNT);
        FloatVector c8l = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 8 * inStride);
        FloatVector c8r = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 8 * inStride + Lanes.COUNT);
        FloatVector c9l = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 9 * inStride);
        FloatVector c9r = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 9 * inStride + Lanes.COUNT);
        FloatVector c10l = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 10 * inStride);
        FloatVector c10r = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 10 * inStride + Lanes.COUNT);
        FloatVector c11l = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 11 * inStride);
        FloatVector c11r = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 11 * inStride + Lanes.COUNT);
        for (int k = 0; k < depth; k++) {
            FloatVector left = FloatVector.fromArray(Lanes.FLOAT, b, bAt + k * PANEL);
            FloatVector right = FloatVector.fromArray(Lanes.FLOAT, b, bAt + k * PANEL + Lanes.COUNT);
            FloatVector a0 = FloatVector.broadcast(Lanes.FLOAT, a[aAt + k]);
            c0l = a0.fma(left, c0l);
            c0r = a0.fma(right, c0r);
            FloatVector a1 = FloatVector.broadcast(Lanes.FLOAT, a[aAt + k + DEPTH]);
            c1l = a1.fma(left, c1l);
            c1r = a1.fma(right, c1r);
            FloatVector a2 = FloatVector.broadcast(Lanes.FLOAT, a[aAt + k + 2 * DEPTH]);
            c2l = a2.fma(left, c2l);
            c2r = a2.fma(right, c2r);
            FloatVector a3 = FloatVector.broadcast(Lanes.FLOAT, a[aAt + k + 3 * DEPTH]);
            c3l = a3.fma(left, c3l);
            c3r = a3.fma(right, c3r);
            FloatVector a4 = FloatVector.broadcast(Lanes.FLOAT, a[aAt + k + 4 * DEPTH]);
            c4l = a4.fma(left, c4l);
            c4r = a4.fma(right, c4r);
            FloatVector a5 = FloatVector.broadcast(Lanes.FLOAT, a[aAt + k + 5 * DEPTH]);
            c5l = a5.fma(left, c5l);
            c5r = a5.fma(right, c5r);
            FloatVector a6 = FloatVector.broadcast(Lanes.FLOAT, a[aAt + k + 6 * DEPTH]);
            c6l = a6.fma(left, c6l);
            c6r = a6.fma(right, c6r);
            FloatVector a7 = FloatVector.broadcast(Lanes.FLOAT, a[aAt + k + 7 * DEPTH]);
            c7l = a7.fma(left, c7l);
            c7r = a7.fma(right, c7r);
            FloatVector a8 = FloatVector.broadcast(Lanes.FLOAT, a[aAt + k + 8 * DEPTH]);
            c8l = a8.fma(left, c8l);
            c8r = a8.fma(right, c8r);
            FloatVector a9 = FloatVector.broadcast(Lanes.FLOAT, a[aAt + k + 9 * DEPTH]);
            c9l = a9.fma(left, c9l);
            c9r = a9.fma(right, c9r);
            FloatVector a10 = FloatVector.broadcast(Lanes.FLOAT, a[aAt + k + 10 * DEPTH]);
            c10l = a10.fma(left, c10l);
            c10r = a10.fma(right, c10r);
            FloatVector a11 = FloatVector.broadcast(Lanes.FLOAT, a[aAt + k + 11 * DEPTH]);
            c11l = a11.fma(left, c11l);
            c11r = a11.fma(right, c11r);
        }
        c0l.intoArray(out, outAt);
        c0r.intoArray(out, outAt + Lanes.COUNT);
        c1l.intoArray(out, outAt + outStride);
        c1r.intoArray(out, outAt + outStride + Lanes.COUNT);
        c2l.intoArray(out, outAt + 2 * outStride);
        c2r.intoArray(out, outAt + 2 * outStride + Lanes.COUNT);
        c3l.intoArray(out, outAt + 3 * outStride);
        c3r.intoArray(out, outAt + 3 * outStride + Lanes.COUNT);
        c4l.intoArray(out, outAt + 4 * outStride);
        c4r.intoArray(out, outAt + 4 * outStride + Lanes.COUNT);
        c5l.intoArray(out, outAt + 5 * outStride);
        c5r.intoArray(out, outAt + 5 * outStride + Lanes.COUNT);
        c6l.intoArray(out, outAt + 6 * outStride);
        c6r.intoArray(out, outAt + 6 * outStride + Lanes.COUNT);
        c7l.intoArray(out, outAt + 7 * outStride);
        c7r.intoArray(out, outAt + 7 * outStride + Lanes.COUNT);
        c8l.intoArray(out, outAt + 8 * outStride);
        c8r.intoArray(out, outAt + 8 * outStride + Lanes.COUNT);
        c9l.intoArray(out, outAt + 9 * outStride);
        c9r.intoArray(out, outAt + 9 * outStride + Lanes.COUNT);
        c10l.intoArray(out, outAt + 10 * outStride);
        c10r.intoArray(out, outAt + 10 * outStride + Lanes.COUNT);
        c11l.intoArray(out, outAt + 11 * outStride);
        c11r.intoArray(out, outAt + 11 * outStride + Lanes.COUNT);
    }

    /** 8 rows of a. */
    private static void rows8(
            float[] a, int aAt, float[] b, int bAt, int depth, float[] in, int inAt, int inStride, float[] out, int outAt, int outStride) {
        FloatVector c0l = FloatVector.fromArray(Lanes.FLOAT, in, inAt);
        FloatVector c0r = FloatVector.fromArray(Lanes.FLOAT, in, inAt + Lanes.COUNT);
        FloatVector c1l = FloatVector.fromArray(Lanes.FLOAT, in, inAt + inStride);
        FloatVector c1r = FloatVector.fromArray(Lanes.FLOAT, in, inAt + inStride + Lanes.COUNT);
        FloatVector c2l = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 2 * inStride);
        FloatVector c2r = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 2 * inStride + Lanes.COUNT);
        FloatVector c3l = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 3 * inStride);
        FloatVector c3r = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 3 * inStride + Lanes.COUNT);
        FloatVector c4l = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 4 * inStride);
        FloatVector c4r = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 4 * inStride + Lanes.COUNT);
        FloatVector c5l = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 5 * inStride);
        FloatVector c5r = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 5 * inStride + Lanes.COUNT);
        FloatVector c6l = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 6 * inStride);
        FloatVector c6r = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 6 * inStride + Lanes.COUNT);
        FloatVector c7l = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 7 * inStride);
        FloatVector c7r = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 7 * inStride + Lanes.COUNT);
        for (int k = 0; k < depth; k++) {
            FloatVector left = FloatVector.fromArray(Lanes.FLOAT, b, bAt + k * PANEL);
            FloatVector right = FloatVector.fromArray(Lanes.FLOAT, b, bAt + k * PANEL + Lanes.COUNT);
            FloatVector a0 = FloatVector.broadcast(Lanes.FLOAT, a[aAt + k]);
            c0l = a0.fma(left, c0l);
            c0r = a0.fma(right, c0r);
            FloatVector a1 = FloatVector.broadcast(Lanes.FLOAT, a[aAt + k + DEPTH]);
            c1l = a1.fma(left, c1l);
            c1r = a1.fma(right, c1r);
            FloatVector a2 = FloatVector.broadcast(Lanes.FLOAT, a[aAt + k + 2 * DEPTH]);
            c2l = a2.fma(left, c2l);
            c2r = a2.fma(right, c2r);
            FloatVector a3 = FloatVector.broadcast(Lanes.FLOAT, a[aAt + k + 3 * DEPTH]);
            c3l = a3.fma(left, c3l);
            c3r = a3.fma(right, c3r);
            FloatVector a4 = FloatVector.broadcast(Lanes.FLOAT, a[aAt + k + 4 * DEPTH]);
            c4l = a4.fma(left, c4l);
            c4r = a4.fma(right, c4r);
            FloatVector a5 = FloatVector.broadcast(Lanes.FLOAT, a[aAt + k + 5 * DEPTH]);
            c5l = a5.fma(left, c5l);
            c5r = a5.fma(right, c5r);
            FloatVector a6 = FloatVector.broadcast(Lanes.FLOAT, a[aAt + k + 6 * DEPTH]);
            c6l = a6.fma(left, c6l);
            c6r = a6.fma(right, c6r);
            FloatVector a7 = FloatVector.broadcast(Lanes.FLOAT, a[aAt + k + 7 * DEPTH]);
            c7l = a7.fma(left, c7l);
            c7r = a7.fma(right, c7r);
        }
        c0l.intoArray(out, outAt);
        c0r.intoArray(out, outAt + Lanes.COUNT);
        c1l.intoArray(out, outAt + outStride);
        c1r.intoArray(out, outAt + outStride + Lanes.COUNT);
        c2l.intoArray(out, outAt + 2 * outStride);
        c2r.intoArray(out, outAt + 2 * outStride + Lanes.COUNT);
        c3l.intoArray(out, outAt + 3 * outStride);
        c3r.intoArray(out, outAt + 3 * outStride + Lanes.COUNT);
        c4l.intoArray(out, outAt + 4 * outStride);
        c4r.intoArray(out, outAt + 4 * outStride + Lanes.COUNT);
        c5l.intoArray(out, outAt + 5 * outStride);
        c5r.intoArray(out, outAt + 5 * outStride + Lanes.COUNT);
        c6l.intoArray(out, outAt + 6 * outStride);
        c6r.intoArray(out, outAt + 6 * outStride + Lanes.COUNT);
        c7l.intoArray(out, outAt + 7 * outStride);
        c7r.intoArray(out, outAt + 7 * outStride + Lanes.COUNT);
    }

    /** 6 rows of a. */
    private static void rows6(
            float[] a, int aAt, float[] b, int bAt, int depth, float[] in, int inAt, int inStride, float[] out, int outAt, int outStride) {
        FloatVector c0l = FloatVector.fromArray(Lanes.FLOAT, in, inAt);
        FloatVector c0r = FloatVector.fromArray(Lanes.FLOAT, in, inAt + Lanes.COUNT);
        FloatVector c1l = FloatVector.fromArray(Lanes.FLOAT, in, inAt + inStride);
        FloatVector c1r = FloatVector.fromArray(Lanes.FLOAT, in, inAt + inStride + Lanes.COUNT);
        FloatVector c2l = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 2 * inStride);
        FloatVector c2r = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 2 * inStride + Lanes.COUNT);
        FloatVector c3l = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 3 * inStride);
        FloatVector c3r = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 3 * inStride + Lanes.COUNT);
        FloatVector c4l = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 4 * inStride);
        FloatVector c4r = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 4 * inStride + Lanes.COUNT);
        FloatVector c5l = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 5 * inStride);
        FloatVector c5r = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 5 * inStride + Lanes.COUNT);
        for (int k = 0; k < depth; k++) {
            FloatVector left = FloatVector.fromArray(Lanes.FLOAT, b, bAt + k * PANEL);
            FloatVector right = FloatVector.fromArray(Lanes.FLOAT, b, bAt + k * PANEL + Lanes.COUNT);
            FloatVector a0 = FloatVector.broadcast(Lanes.FLOAT, a[aAt + k]);
            c0l = a0.fma(left, c0l);
            c0r = a0.fma(right, c0r);
            FloatVector a1 = FloatVector.broadcast(Lanes.FLOAT, a[aAt + k + DEPTH]);
            c1l = a1.fma(left, c1l);
            c1r = a1.fma(right, c1r);
            FloatVector a2 = FloatVector.broadcast(Lanes.FLOAT, a[aAt + k + 2 * DEPTH]);
            c2l = a2.fma(left, c2l);
            c2r = a2.fma(right, c2r);
            FloatVector a3 = FloatVector.broadcast(Lanes.FLOAT, a[aAt + k + 3 * DEPTH]);
            c3l = a3.fma(left, c3l);
            c3r = a3.fma(right, c3r);
            FloatVector a4 = FloatVector.broadcast(Lanes.FLOAT, a[aAt + k + 4 * DEPTH]);
            c4l = a4.fma(left, c4l);
            c4r = a4.fma(right, c4r);
            FloatVector a5 = FloatVector.broadcast(Lanes.FLOAT, a[aAt + k + 5 * DEPTH]);
            c5l = a5.fma(left, c5l);
            c5r = a5.fma(right, c5r);
        }
        c0l.intoArray(out, outAt);
        c0r.intoArray(out, outAt + Lanes.COUNT);
        c1l.intoArray(out, outAt + outStride);
        c1r.intoArray(out, outAt + outStride + Lanes.COUNT);
        c2l.intoArray(out, outAt + 2 * outStride);
        c2r.intoArray(out, outAt + 2 * outStride + Lanes.COUNT);
        c3l.intoArray(out, outAt + 3 * outStride);
        c3r.intoArray(out, outAt + 3 * outStride + Lanes.COUNT);
        c4l.intoArray(out, outAt + 4 * outStride);
        c4r.intoArray(out, outAt + 4 * outStride + Lanes.COUNT);
        c5l.intoArray(out, outAt + 5 * outStride);
        c5r.intoArray(out, outAt + 5 * outStride + Lanes.COUNT);
    }

    /** 4 rows of a. */
    private static void rows4(
            float[] a, int aAt, float[] b, int bAt, int depth, float[] in, int inAt, int inStride, float[] out, int outAt, int outStride) {
        FloatVector c0l = FloatVector.fromArray(Lanes.FLOAT, in, inAt);
        FloatVector c0r = FloatVector.fromArray(Lanes.FLOAT, in, inAt + Lanes.COUNT);
        FloatVector c1l = FloatVector.fromArray(Lanes.FLOAT, in, inAt + inStride);
        FloatVector c1r = FloatVector.fromArray(Lanes.FLOAT, in, inAt + inStride + Lanes.COUNT);
        FloatVector c2l = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 2 * inStride);
        FloatVector c2r = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 2 * inStride + Lanes.COUNT);
        FloatVector c3l = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 3 * inStride);
        FloatVector c3r = FloatVector.fromArray(Lanes.FLOAT, in, inAt + 3 * inStride + Lanes.COUNT);
        for (int k = 0; k < depth; k++) {
            FloatVector left = FloatVector.fromArray(Lanes.FLOAT, b, bAt + k * PANEL);
            FloatVector right = FloatVector.fromArray(Lanes.FLOAT, b, bAt + k * PANEL + Lanes.COUNT);
            FloatVector a0 = FloatVector.broadcast(Lanes.FLOAT, a[aAt + k]);
            c0l = a0.fma(left, c0l);
            c0r = a0.fma(right, c0r);
            FloatVector a1 = FloatVector.broadcast(Lanes.FLOAT, a[aAt + k + DEPTH]);
            c1l = a1.fma(left, c1l);
            c1r = a1.fma(right, c1r);
            FloatVector a2 = FloatVector.broadcast(Lanes.FLOAT, a[aAt + k + 2 * DEPTH]);
            c2l = a2.fma(left, c2l);
            c2r = a2.fma(right, c2r);
            FloatVector a3 = FloatVector.broadcast(Lanes.FLOAT, a[aAt + k + 3 * DEPTH]);
            c3l = a3.fma(left, c3l);
            c3r = a3.fma(right, c3r);
        }
        c0l.intoArray(out, outAt);
        c0r.intoArray(out, outAt + Lanes.COUNT);
        c1l.intoArray(out, outAt + outStride);
        c1r.intoArray(out, outAt + outStride + Lanes.COUNT);
        c2l.intoArray(out, outAt + 2 * outStride);
        c2r.intoArray(out, outAt + 2 * outStride + Lanes.COUNT);
        c3l.intoArray(out, outAt + 3 * outStride);
        c3r.intoArray(out, outAt + 3 * outStride + Lanes.COUNT);
    }

    /** 1 rows of a. */
    private static void rows1(
            float[] a, int aAt, float[] b, int bAt, int depth, float[] in, int inAt, int inStride, float[] out, int outAt, int outStride) {
        FloatVector c0l = FloatVector.fromArray(Lanes.FLOAT, in, inAt);
        FloatVector c0r = FloatVector.fromArray(Lanes.FLOAT, in, inAt + Lanes.COUNT);
        for (int k = 0; k < depth; k++) {
            FloatVector left = FloatVector.fromArray(Lanes.FLOAT, b, bAt + k * PANEL);
            FloatVector right = FloatVector.fromArray(Lanes.FLOAT, b, bAt + k * PANEL + Lanes.COUNT);
            FloatVector a0 = FloatVector.broadcast(Lanes.FLOAT, a[aAt + k]);
            c0l = a0.fma(left, c0l);
            c0r = a0.fma(right, c0r);
        }
        c0l.intoArray(out, outAt);
        c0r.intoArray(out, outAt + Lanes.COUNT);
    }
}
