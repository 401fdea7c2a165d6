package dev.mme5.engine.kernel.microkernel;

import dev.mme5.engine.kernel.simd.Species;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link OneVectorMicroKernel} for vectors of 16 floats, split into two halves. An fma of 16 lanes needs a broadcast of its own, and each
 * takes a whole cycle. Two of 8 lanes run in one cycle and share their broadcast.
 */
public final class SplitVectorMicroKernel {
    private static final VectorSpecies<Float> SPECIES = Species.HALF_FLOAT;
    private static final int DEPTH = TwoVectorMicroKernel.DEPTH;
    private static final int HALF = SPECIES.length();

    /** Width of b and of out, in floats. */
    static final int WIDTH = 2 * HALF;

    private SplitVectorMicroKernel() {}

    /** out = in + a · b for any number of rows. in may be out; with inStride 0, its one row is added to every row. */
    public static void multiply(
            float[] a, int aOffset, int rows, float[] b, int bOffset, int depth, float[] in, int inOffset, int inStride, float[] out,
            int outOffset) {
        assert depth <= DEPTH;
        int row = 0;
        for (int tile; row < rows; row += tile) {
            tile = rows - row >= 12 ? 12 : rows - row >= 4 ? 4 : 1;
            int aRow = aOffset + row * DEPTH;
            int inRow = inOffset + row * inStride;
            int outRow = outOffset + row * WIDTH;
            switch (tile) {
                case 12 -> rows12(a, aRow, b, bOffset, depth, in, inRow, inStride, out, outRow);
                case 4 -> rows4(a, aRow, b, bOffset, depth, in, inRow, inStride, out, outRow);
                default -> rows1(a, aRow, b, bOffset, depth, in, inRow, out, outRow);
            }
        }
    }

    /** 12 rows of a. */
    private static void rows12(
            float[] a, int aOffset, float[] b, int bOffset, int depth, float[] in, int inOffset, int inStride, float[] out, int outOffset) {
        FloatVector c0l = FloatVector.fromArray(SPECIES, in, inOffset);
        FloatVector c0r = FloatVector.fromArray(SPECIES, in, inOffset + HALF);
        FloatVector c1l = FloatVector.fromArray(SPECIES, in, inOffset + inStride);
        FloatVector c1r = FloatVector.fromArray(SPECIES, in, inOffset + inStride + HALF);
        FloatVector c2l = FloatVector.fromArray(SPECIES, in, inOffset + 2 * inStride);
        FloatVector c2r = FloatVector.fromArray(SPECIES, in, inOffset + 2 * inStride + HALF);
        FloatVector c3l = FloatVector.fromArray(SPECIES, in, inOffset + 3 * inStride);
        FloatVector c3r = FloatVector.fromArray(SPECIES, in, inOffset + 3 * inStride + HALF);
        FloatVector c4l = FloatVector.fromArray(SPECIES, in, inOffset + 4 * inStride);
        FloatVector c4r = FloatVector.fromArray(SPECIES, in, inOffset + 4 * inStride + HALF);
        FloatVector c5l = FloatVector.fromArray(SPECIES, in, inOffset + 5 * inStride);
        FloatVector c5r = FloatVector.fromArray(SPECIES, in, inOffset + 5 * inStride + HALF);
        FloatVector c6l = FloatVector.fromArray(SPECIES, in, inOffset + 6 * inStride);
        FloatVector c6r = FloatVector.fromArray(SPECIES, in, inOffset + 6 * inStride + HALF);
        FloatVector c7l = FloatVector.fromArray(SPECIES, in, inOffset + 7 * inStride);
        FloatVector c7r = FloatVector.fromArray(SPECIES, in, inOffset + 7 * inStride + HALF);
        FloatVector c8l = FloatVector.fromArray(SPECIES, in, inOffset + 8 * inStride);
        FloatVector c8r = FloatVector.fromArray(SPECIES, in, inOffset + 8 * inStride + HALF);
        FloatVector c9l = FloatVector.fromArray(SPECIES, in, inOffset + 9 * inStride);
        FloatVector c9r = FloatVector.fromArray(SPECIES, in, inOffset + 9 * inStride + HALF);
        FloatVector c10l = FloatVector.fromArray(SPECIES, in, inOffset + 10 * inStride);
        FloatVector c10r = FloatVector.fromArray(SPECIES, in, inOffset + 10 * inStride + HALF);
        FloatVector c11l = FloatVector.fromArray(SPECIES, in, inOffset + 11 * inStride);
        FloatVector c11r = FloatVector.fromArray(SPECIES, in, inOffset + 11 * inStride + HALF);
        for (int k = 0; k < depth; k++) {
            FloatVector left = FloatVector.fromArray(SPECIES, b, bOffset + k * WIDTH);
            FloatVector right = FloatVector.fromArray(SPECIES, b, bOffset + k * WIDTH + HALF);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[aOffset + k]);
            c0l = a0.fma(left, c0l);
            c0r = a0.fma(right, c0r);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[aOffset + k + DEPTH]);
            c1l = a1.fma(left, c1l);
            c1r = a1.fma(right, c1r);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[aOffset + k + 2 * DEPTH]);
            c2l = a2.fma(left, c2l);
            c2r = a2.fma(right, c2r);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[aOffset + k + 3 * DEPTH]);
            c3l = a3.fma(left, c3l);
            c3r = a3.fma(right, c3r);
            FloatVector a4 = FloatVector.broadcast(SPECIES, a[aOffset + k + 4 * DEPTH]);
            c4l = a4.fma(left, c4l);
            c4r = a4.fma(right, c4r);
            FloatVector a5 = FloatVector.broadcast(SPECIES, a[aOffset + k + 5 * DEPTH]);
            c5l = a5.fma(left, c5l);
            c5r = a5.fma(right, c5r);
            FloatVector a6 = FloatVector.broadcast(SPECIES, a[aOffset + k + 6 * DEPTH]);
            c6l = a6.fma(left, c6l);
            c6r = a6.fma(right, c6r);
            FloatVector a7 = FloatVector.broadcast(SPECIES, a[aOffset + k + 7 * DEPTH]);
            c7l = a7.fma(left, c7l);
            c7r = a7.fma(right, c7r);
            FloatVector a8 = FloatVector.broadcast(SPECIES, a[aOffset + k + 8 * DEPTH]);
            c8l = a8.fma(left, c8l);
            c8r = a8.fma(right, c8r);
            FloatVector a9 = FloatVector.broadcast(SPECIES, a[aOffset + k + 9 * DEPTH]);
            c9l = a9.fma(left, c9l);
            c9r = a9.fma(right, c9r);
            FloatVector a10 = FloatVector.broadcast(SPECIES, a[aOffset + k + 10 * DEPTH]);
            c10l = a10.fma(left, c10l);
            c10r = a10.fma(right, c10r);
            FloatVector a11 = FloatVector.broadcast(SPECIES, a[aOffset + k + 11 * DEPTH]);
            c11l = a11.fma(left, c11l);
            c11r = a11.fma(right, c11r);
        }
        c0l.intoArray(out, outOffset);
        c0r.intoArray(out, outOffset + HALF);
        c1l.intoArray(out, outOffset + WIDTH);
        c1r.intoArray(out, outOffset + WIDTH + HALF);
        c2l.intoArray(out, outOffset + 2 * WIDTH);
        c2r.intoArray(out, outOffset + 2 * WIDTH + HALF);
        c3l.intoArray(out, outOffset + 3 * WIDTH);
        c3r.intoArray(out, outOffset + 3 * WIDTH + HALF);
        c4l.intoArray(out, outOffset + 4 * WIDTH);
        c4r.intoArray(out, outOffset + 4 * WIDTH + HALF);
        c5l.intoArray(out, outOffset + 5 * WIDTH);
        c5r.intoArray(out, outOffset + 5 * WIDTH + HALF);
        c6l.intoArray(out, outOffset + 6 * WIDTH);
        c6r.intoArray(out, outOffset + 6 * WIDTH + HALF);
        c7l.intoArray(out, outOffset + 7 * WIDTH);
        c7r.intoArray(out, outOffset + 7 * WIDTH + HALF);
        c8l.intoArray(out, outOffset + 8 * WIDTH);
        c8r.intoArray(out, outOffset + 8 * WIDTH + HALF);
        c9l.intoArray(out, outOffset + 9 * WIDTH);
        c9r.intoArray(out, outOffset + 9 * WIDTH + HALF);
        c10l.intoArray(out, outOffset + 10 * WIDTH);
        c10r.intoArray(out, outOffset + 10 * WIDTH + HALF);
        c11l.intoArray(out, outOffset + 11 * WIDTH);
        c11r.intoArray(out, outOffset + 11 * WIDTH + HALF);
    }

    /** 4 rows of a. */
    private static void rows4(
            float[] a, int aOffset, float[] b, int bOffset, int depth, float[] in, int inOffset, int inStride, float[] out, int outOffset) {
        FloatVector c0l = FloatVector.fromArray(SPECIES, in, inOffset);
        FloatVector c0r = FloatVector.fromArray(SPECIES, in, inOffset + HALF);
        FloatVector c1l = FloatVector.fromArray(SPECIES, in, inOffset + inStride);
        FloatVector c1r = FloatVector.fromArray(SPECIES, in, inOffset + inStride + HALF);
        FloatVector c2l = FloatVector.fromArray(SPECIES, in, inOffset + 2 * inStride);
        FloatVector c2r = FloatVector.fromArray(SPECIES, in, inOffset + 2 * inStride + HALF);
        FloatVector c3l = FloatVector.fromArray(SPECIES, in, inOffset + 3 * inStride);
        FloatVector c3r = FloatVector.fromArray(SPECIES, in, inOffset + 3 * inStride + HALF);
        for (int k = 0; k < depth; k++) {
            FloatVector left = FloatVector.fromArray(SPECIES, b, bOffset + k * WIDTH);
            FloatVector right = FloatVector.fromArray(SPECIES, b, bOffset + k * WIDTH + HALF);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[aOffset + k]);
            c0l = a0.fma(left, c0l);
            c0r = a0.fma(right, c0r);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[aOffset + k + DEPTH]);
            c1l = a1.fma(left, c1l);
            c1r = a1.fma(right, c1r);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[aOffset + k + 2 * DEPTH]);
            c2l = a2.fma(left, c2l);
            c2r = a2.fma(right, c2r);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[aOffset + k + 3 * DEPTH]);
            c3l = a3.fma(left, c3l);
            c3r = a3.fma(right, c3r);
        }
        c0l.intoArray(out, outOffset);
        c0r.intoArray(out, outOffset + HALF);
        c1l.intoArray(out, outOffset + WIDTH);
        c1r.intoArray(out, outOffset + WIDTH + HALF);
        c2l.intoArray(out, outOffset + 2 * WIDTH);
        c2r.intoArray(out, outOffset + 2 * WIDTH + HALF);
        c3l.intoArray(out, outOffset + 3 * WIDTH);
        c3r.intoArray(out, outOffset + 3 * WIDTH + HALF);
    }

    /** One row of a. */
    private static void rows1(
            float[] a, int aOffset, float[] b, int bOffset, int depth, float[] in, int inOffset, float[] out, int outOffset) {
        FloatVector c0l = FloatVector.fromArray(SPECIES, in, inOffset);
        FloatVector c0r = FloatVector.fromArray(SPECIES, in, inOffset + HALF);
        for (int k = 0; k < depth; k++) {
            FloatVector left = FloatVector.fromArray(SPECIES, b, bOffset + k * WIDTH);
            FloatVector right = FloatVector.fromArray(SPECIES, b, bOffset + k * WIDTH + HALF);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[aOffset + k]);
            c0l = a0.fma(left, c0l);
            c0r = a0.fma(right, c0r);
        }
        c0l.intoArray(out, outOffset);
        c0r.intoArray(out, outOffset + HALF);
    }
}
