package dev.mme5.engine.kernel.microkernel;

import dev.mme5.engine.kernel.simd.Species;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link TwoVectorMicroKernel} for panels of one vector: the last tokens, when they do not fill two. {@link HalfVectorMicroKernel} differs in the shape of
 * the vector only, which must be a constant.
 */
public final class OneVectorMicroKernel {
    private static final VectorSpecies<Float> LANES = Species.FLOAT;
    private static final int DEPTH = TwoVectorMicroKernel.DEPTH;

    /** Width of b and of out, in floats. */
    static final int WIDTH = LANES.length();

    private OneVectorMicroKernel() {}

    /** Any number of rows: out = in + a · b; in may be out, and with a stride of 0 one row serves as all of in. */
    public static void multiply(
            float[] a, int aAt, int rows, float[] b, int bAt, int depth,
            float[] in, int inAt, int inStride, float[] out, int outAt) {
        assert depth <= DEPTH;
        int row = 0;
        for (int tile; row < rows; row += tile) {
            tile = rows - row >= 12 ? 12 : rows - row >= 4 ? 4 : 1;
            int aRow = aAt + row * DEPTH;
            int inRow = inAt + row * inStride;
            int outRow = outAt + row * WIDTH;
            switch (tile) {
                case 12 -> rows12(a, aRow, b, bAt, depth, in, inRow, inStride, out, outRow);
                case 4 -> rows4(a, aRow, b, bAt, depth, in, inRow, inStride, out, outRow);
                default -> rows1(a, aRow, b, bAt, depth, in, inRow, out, outRow);
            }
        }
    }

    /** 12 rows of a. */
    private static void rows12(
            float[] a, int aAt, float[] b, int bAt, int depth, float[] in, int inAt, int inStride, float[] out, int outAt) {
        FloatVector c0 = FloatVector.fromArray(LANES, in, inAt);
        FloatVector c1 = FloatVector.fromArray(LANES, in, inAt + inStride);
        FloatVector c2 = FloatVector.fromArray(LANES, in, inAt + 2 * inStride);
        FloatVector c3 = FloatVector.fromArray(LANES, in, inAt + 3 * inStride);
        FloatVector c4 = FloatVector.fromArray(LANES, in, inAt + 4 * inStride);
        FloatVector c5 = FloatVector.fromArray(LANES, in, inAt + 5 * inStride);
        FloatVector c6 = FloatVector.fromArray(LANES, in, inAt + 6 * inStride);
        FloatVector c7 = FloatVector.fromArray(LANES, in, inAt + 7 * inStride);
        FloatVector c8 = FloatVector.fromArray(LANES, in, inAt + 8 * inStride);
        FloatVector c9 = FloatVector.fromArray(LANES, in, inAt + 9 * inStride);
        FloatVector c10 = FloatVector.fromArray(LANES, in, inAt + 10 * inStride);
        FloatVector c11 = FloatVector.fromArray(LANES, in, inAt + 11 * inStride);
        for (int k = 0; k < depth; k++) {
            FloatVector column = FloatVector.fromArray(LANES, b, bAt + k * WIDTH);
            c0 = FloatVector.broadcast(LANES, a[aAt + k]).fma(column, c0);
            c1 = FloatVector.broadcast(LANES, a[aAt + k + DEPTH]).fma(column, c1);
            c2 = FloatVector.broadcast(LANES, a[aAt + k + 2 * DEPTH]).fma(column, c2);
            c3 = FloatVector.broadcast(LANES, a[aAt + k + 3 * DEPTH]).fma(column, c3);
            c4 = FloatVector.broadcast(LANES, a[aAt + k + 4 * DEPTH]).fma(column, c4);
            c5 = FloatVector.broadcast(LANES, a[aAt + k + 5 * DEPTH]).fma(column, c5);
            c6 = FloatVector.broadcast(LANES, a[aAt + k + 6 * DEPTH]).fma(column, c6);
            c7 = FloatVector.broadcast(LANES, a[aAt + k + 7 * DEPTH]).fma(column, c7);
            c8 = FloatVector.broadcast(LANES, a[aAt + k + 8 * DEPTH]).fma(column, c8);
            c9 = FloatVector.broadcast(LANES, a[aAt + k + 9 * DEPTH]).fma(column, c9);
            c10 = FloatVector.broadcast(LANES, a[aAt + k + 10 * DEPTH]).fma(column, c10);
            c11 = FloatVector.broadcast(LANES, a[aAt + k + 11 * DEPTH]).fma(column, c11);
        }
        c0.intoArray(out, outAt);
        c1.intoArray(out, outAt + WIDTH);
        c2.intoArray(out, outAt + 2 * WIDTH);
        c3.intoArray(out, outAt + 3 * WIDTH);
        c4.intoArray(out, outAt + 4 * WIDTH);
        c5.intoArray(out, outAt + 5 * WIDTH);
        c6.intoArray(out, outAt + 6 * WIDTH);
        c7.intoArray(out, outAt + 7 * WIDTH);
        c8.intoArray(out, outAt + 8 * WIDTH);
        c9.intoArray(out, outAt + 9 * WIDTH);
        c10.intoArray(out, outAt + 10 * WIDTH);
        c11.intoArray(out, outAt + 11 * WIDTH);
    }

    /** 4 rows of a. */
    private static void rows4(
            float[] a, int aAt, float[] b, int bAt, int depth, float[] in, int inAt, int inStride, float[] out, int outAt) {
        FloatVector c0 = FloatVector.fromArray(LANES, in, inAt);
        FloatVector c1 = FloatVector.fromArray(LANES, in, inAt + inStride);
        FloatVector c2 = FloatVector.fromArray(LANES, in, inAt + 2 * inStride);
        FloatVector c3 = FloatVector.fromArray(LANES, in, inAt + 3 * inStride);
        for (int k = 0; k < depth; k++) {
            FloatVector column = FloatVector.fromArray(LANES, b, bAt + k * WIDTH);
            c0 = FloatVector.broadcast(LANES, a[aAt + k]).fma(column, c0);
            c1 = FloatVector.broadcast(LANES, a[aAt + k + DEPTH]).fma(column, c1);
            c2 = FloatVector.broadcast(LANES, a[aAt + k + 2 * DEPTH]).fma(column, c2);
            c3 = FloatVector.broadcast(LANES, a[aAt + k + 3 * DEPTH]).fma(column, c3);
        }
        c0.intoArray(out, outAt);
        c1.intoArray(out, outAt + WIDTH);
        c2.intoArray(out, outAt + 2 * WIDTH);
        c3.intoArray(out, outAt + 3 * WIDTH);
    }

    /** One row of a. */
    private static void rows1(
            float[] a, int aAt, float[] b, int bAt, int depth, float[] in, int inAt, float[] out, int outAt) {
        FloatVector c0 = FloatVector.fromArray(LANES, in, inAt);
        for (int k = 0; k < depth; k++) {
            FloatVector column = FloatVector.fromArray(LANES, b, bAt + k * WIDTH);
            c0 = FloatVector.broadcast(LANES, a[aAt + k]).fma(column, c0);
        }
        c0.intoArray(out, outAt);
    }
}
