package dev.mme5.engine.kernel.microkernel;

import dev.mme5.engine.kernel.simd.Species;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link TwoVectorMicroKernel} for panels half a vector wide, which hold the last few tokens with fewer unused lanes. */
public final class HalfVectorMicroKernel {
    private static final VectorSpecies<Float> SPECIES = Species.HALF_FLOAT;
    private static final int DEPTH = TwoVectorMicroKernel.DEPTH;

    /** Width of b and of out, in floats. */
    public static final int WIDTH = SPECIES.length();

    private HalfVectorMicroKernel() {}

    /** out = in + a · b for any number of rows. in may be out; with inStride 0, its one row is added to every row. */
    public static void multiply(
            float[] a, int aOffset, int rows, float[] b, int bOffset, int depth,
            float[] in, int inOffset, int inStride, float[] out, int outOffset) {
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
        FloatVector c0 = FloatVector.fromArray(SPECIES, in, inOffset);
        FloatVector c1 = FloatVector.fromArray(SPECIES, in, inOffset + inStride);
        FloatVector c2 = FloatVector.fromArray(SPECIES, in, inOffset + 2 * inStride);
        FloatVector c3 = FloatVector.fromArray(SPECIES, in, inOffset + 3 * inStride);
        FloatVector c4 = FloatVector.fromArray(SPECIES, in, inOffset + 4 * inStride);
        FloatVector c5 = FloatVector.fromArray(SPECIES, in, inOffset + 5 * inStride);
        FloatVector c6 = FloatVector.fromArray(SPECIES, in, inOffset + 6 * inStride);
        FloatVector c7 = FloatVector.fromArray(SPECIES, in, inOffset + 7 * inStride);
        FloatVector c8 = FloatVector.fromArray(SPECIES, in, inOffset + 8 * inStride);
        FloatVector c9 = FloatVector.fromArray(SPECIES, in, inOffset + 9 * inStride);
        FloatVector c10 = FloatVector.fromArray(SPECIES, in, inOffset + 10 * inStride);
        FloatVector c11 = FloatVector.fromArray(SPECIES, in, inOffset + 11 * inStride);
        for (int k = 0; k < depth; k++) {
            FloatVector column = FloatVector.fromArray(SPECIES, b, bOffset + k * WIDTH);
            c0 = FloatVector.broadcast(SPECIES, a[aOffset + k]).fma(column, c0);
            c1 = FloatVector.broadcast(SPECIES, a[aOffset + k + DEPTH]).fma(column, c1);
            c2 = FloatVector.broadcast(SPECIES, a[aOffset + k + 2 * DEPTH]).fma(column, c2);
            c3 = FloatVector.broadcast(SPECIES, a[aOffset + k + 3 * DEPTH]).fma(column, c3);
            c4 = FloatVector.broadcast(SPECIES, a[aOffset + k + 4 * DEPTH]).fma(column, c4);
            c5 = FloatVector.broadcast(SPECIES, a[aOffset + k + 5 * DEPTH]).fma(column, c5);
            c6 = FloatVector.broadcast(SPECIES, a[aOffset + k + 6 * DEPTH]).fma(column, c6);
            c7 = FloatVector.broadcast(SPECIES, a[aOffset + k + 7 * DEPTH]).fma(column, c7);
            c8 = FloatVector.broadcast(SPECIES, a[aOffset + k + 8 * DEPTH]).fma(column, c8);
            c9 = FloatVector.broadcast(SPECIES, a[aOffset + k + 9 * DEPTH]).fma(column, c9);
            c10 = FloatVector.broadcast(SPECIES, a[aOffset + k + 10 * DEPTH]).fma(column, c10);
            c11 = FloatVector.broadcast(SPECIES, a[aOffset + k + 11 * DEPTH]).fma(column, c11);
        }
        c0.intoArray(out, outOffset);
        c1.intoArray(out, outOffset + WIDTH);
        c2.intoArray(out, outOffset + 2 * WIDTH);
        c3.intoArray(out, outOffset + 3 * WIDTH);
        c4.intoArray(out, outOffset + 4 * WIDTH);
        c5.intoArray(out, outOffset + 5 * WIDTH);
        c6.intoArray(out, outOffset + 6 * WIDTH);
        c7.intoArray(out, outOffset + 7 * WIDTH);
        c8.intoArray(out, outOffset + 8 * WIDTH);
        c9.intoArray(out, outOffset + 9 * WIDTH);
        c10.intoArray(out, outOffset + 10 * WIDTH);
        c11.intoArray(out, outOffset + 11 * WIDTH);
    }

    /** 4 rows of a. */
    private static void rows4(
            float[] a, int aOffset, float[] b, int bOffset, int depth, float[] in, int inOffset, int inStride, float[] out, int outOffset) {
        FloatVector c0 = FloatVector.fromArray(SPECIES, in, inOffset);
        FloatVector c1 = FloatVector.fromArray(SPECIES, in, inOffset + inStride);
        FloatVector c2 = FloatVector.fromArray(SPECIES, in, inOffset + 2 * inStride);
        FloatVector c3 = FloatVector.fromArray(SPECIES, in, inOffset + 3 * inStride);
        for (int k = 0; k < depth; k++) {
            FloatVector column = FloatVector.fromArray(SPECIES, b, bOffset + k * WIDTH);
            c0 = FloatVector.broadcast(SPECIES, a[aOffset + k]).fma(column, c0);
            c1 = FloatVector.broadcast(SPECIES, a[aOffset + k + DEPTH]).fma(column, c1);
            c2 = FloatVector.broadcast(SPECIES, a[aOffset + k + 2 * DEPTH]).fma(column, c2);
            c3 = FloatVector.broadcast(SPECIES, a[aOffset + k + 3 * DEPTH]).fma(column, c3);
        }
        c0.intoArray(out, outOffset);
        c1.intoArray(out, outOffset + WIDTH);
        c2.intoArray(out, outOffset + 2 * WIDTH);
        c3.intoArray(out, outOffset + 3 * WIDTH);
    }

    /** One row of a. */
    private static void rows1(
            float[] a, int aOffset, float[] b, int bOffset, int depth, float[] in, int inOffset, float[] out, int outOffset) {
        FloatVector c0 = FloatVector.fromArray(SPECIES, in, inOffset);
        for (int k = 0; k < depth; k++) {
            FloatVector column = FloatVector.fromArray(SPECIES, b, bOffset + k * WIDTH);
            c0 = FloatVector.broadcast(SPECIES, a[aOffset + k]).fma(column, c0);
        }
        c0.intoArray(out, outOffset);
    }
}
