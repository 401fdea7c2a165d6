package dev.mme5.engine.kernel.microkernel;

import dev.mme5.engine.kernel.simd.Species;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link OneVectorMicroKernel} for vectors of 16 floats, as two halves. A multiplication of 16 would need a broadcast of its own, and both take
 * a whole cycle; of 8 there are two in a cycle, and they share the broadcast.
 */
public final class SplitVectorMicroKernel {
    private static final VectorSpecies<Float> LANES = Species.HALF_FLOAT;
    private static final int DEPTH = TwoVectorMicroKernel.DEPTH;
    private static final int HALF = LANES.length();

    /** Width of b and of out, in floats. */
    static final int WIDTH = 2 * HALF;

    private SplitVectorMicroKernel() {}

    /** Any number of rows: out = in + a · b; in may be out, and with a stride of 0 one row serves as all of in. */
    public static void multiply(
            float[] a, int aAt, int rows, float[] b, int bAt, int depth, float[] in, int inAt, int inStride, float[] out, int outAt) {
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
        FloatVector c0l = FloatVector.fromArray(LANES, in, inAt);
        FloatVector c0r = FloatVector.fromArray(LANES, in, inAt + HALF);
        FloatVector c1l = FloatVector.fromArray(LANES, in, inAt + inStride);
        FloatVector c1r = FloatVector.fromArray(LANES, in, inAt + inStride + HALF);
        FloatVector c2l = FloatVector.fromArray(LANES, in, inAt + 2 * inStride);
        FloatVector c2r = FloatVector.fromArray(LANES, in, inAt + 2 * inStride + HALF);
        FloatVector c3l = FloatVector.fromArray(LANES, in, inAt + 3 * inStride);
        FloatVector c3r = FloatVector.fromArray(LANES, in, inAt + 3 * inStride + HALF);
        FloatVector c4l = FloatVector.fromArray(LANES, in, inAt + 4 * inStride);
        FloatVector c4r = FloatVector.fromArray(LANES, in, inAt + 4 * inStride + HALF);
        FloatVector c5l = FloatVector.fromArray(LANES, in, inAt + 5 * inStride);
        FloatVector c5r = FloatVector.fromArray(LANES, in, inAt + 5 * inStride + HALF);
        FloatVector c6l = FloatVector.fromArray(LANES, in, inAt + 6 * inStride);
        FloatVector c6r = FloatVector.fromArray(LANES, in, inAt + 6 * inStride + HALF);
        FloatVector c7l = FloatVector.fromArray(LANES, in, inAt + 7 * inStride);
        FloatVector c7r = FloatVector.fromArray(LANES, in, inAt + 7 * inStride + HALF);
        FloatVector c8l = FloatVector.fromArray(LANES, in, inAt + 8 * inStride);
        FloatVector c8r = FloatVector.fromArray(LANES, in, inAt + 8 * inStride + HALF);
        FloatVector c9l = FloatVector.fromArray(LANES, in, inAt + 9 * inStride);
        FloatVector c9r = FloatVector.fromArray(LANES, in, inAt + 9 * inStride + HALF);
        FloatVector c10l = FloatVector.fromArray(LANES, in, inAt + 10 * inStride);
        FloatVector c10r = FloatVector.fromArray(LANES, in, inAt + 10 * inStride + HALF);
        FloatVector c11l = FloatVector.fromArray(LANES, in, inAt + 11 * inStride);
        FloatVector c11r = FloatVector.fromArray(LANES, in, inAt + 11 * inStride + HALF);
        for (int k = 0; k < depth; k++) {
            FloatVector left = FloatVector.fromArray(LANES, b, bAt + k * WIDTH);
            FloatVector right = FloatVector.fromArray(LANES, b, bAt + k * WIDTH + HALF);
            FloatVector a0 = FloatVector.broadcast(LANES, a[aAt + k]);
            c0l = a0.fma(left, c0l);
            c0r = a0.fma(right, c0r);
            FloatVector a1 = FloatVector.broadcast(LANES, a[aAt + k + DEPTH]);
            c1l = a1.fma(left, c1l);
            c1r = a1.fma(right, c1r);
            FloatVector a2 = FloatVector.broadcast(LANES, a[aAt + k + 2 * DEPTH]);
            c2l = a2.fma(left, c2l);
            c2r = a2.fma(right, c2r);
            FloatVector a3 = FloatVector.broadcast(LANES, a[aAt + k + 3 * DEPTH]);
            c3l = a3.fma(left, c3l);
            c3r = a3.fma(right, c3r);
            FloatVector a4 = FloatVector.broadcast(LANES, a[aAt + k + 4 * DEPTH]);
            c4l = a4.fma(left, c4l);
            c4r = a4.fma(right, c4r);
            FloatVector a5 = FloatVector.broadcast(LANES, a[aAt + k + 5 * DEPTH]);
            c5l = a5.fma(left, c5l);
            c5r = a5.fma(right, c5r);
            FloatVector a6 = FloatVector.broadcast(LANES, a[aAt + k + 6 * DEPTH]);
            c6l = a6.fma(left, c6l);
            c6r = a6.fma(right, c6r);
            FloatVector a7 = FloatVector.broadcast(LANES, a[aAt + k + 7 * DEPTH]);
            c7l = a7.fma(left, c7l);
            c7r = a7.fma(right, c7r);
            FloatVector a8 = FloatVector.broadcast(LANES, a[aAt + k + 8 * DEPTH]);
            c8l = a8.fma(left, c8l);
            c8r = a8.fma(right, c8r);
            FloatVector a9 = FloatVector.broadcast(LANES, a[aAt + k + 9 * DEPTH]);
            c9l = a9.fma(left, c9l);
            c9r = a9.fma(right, c9r);
            FloatVector a10 = FloatVector.broadcast(LANES, a[aAt + k + 10 * DEPTH]);
            c10l = a10.fma(left, c10l);
            c10r = a10.fma(right, c10r);
            FloatVector a11 = FloatVector.broadcast(LANES, a[aAt + k + 11 * DEPTH]);
            c11l = a11.fma(left, c11l);
            c11r = a11.fma(right, c11r);
        }
        c0l.intoArray(out, outAt);
        c0r.intoArray(out, outAt + HALF);
        c1l.intoArray(out, outAt + WIDTH);
        c1r.intoArray(out, outAt + WIDTH + HALF);
        c2l.intoArray(out, outAt + 2 * WIDTH);
        c2r.intoArray(out, outAt + 2 * WIDTH + HALF);
        c3l.intoArray(out, outAt + 3 * WIDTH);
        c3r.intoArray(out, outAt + 3 * WIDTH + HALF);
        c4l.intoArray(out, outAt + 4 * WIDTH);
        c4r.intoArray(out, outAt + 4 * WIDTH + HALF);
        c5l.intoArray(out, outAt + 5 * WIDTH);
        c5r.intoArray(out, outAt + 5 * WIDTH + HALF);
        c6l.intoArray(out, outAt + 6 * WIDTH);
        c6r.intoArray(out, outAt + 6 * WIDTH + HALF);
        c7l.intoArray(out, outAt + 7 * WIDTH);
        c7r.intoArray(out, outAt + 7 * WIDTH + HALF);
        c8l.intoArray(out, outAt + 8 * WIDTH);
        c8r.intoArray(out, outAt + 8 * WIDTH + HALF);
        c9l.intoArray(out, outAt + 9 * WIDTH);
        c9r.intoArray(out, outAt + 9 * WIDTH + HALF);
        c10l.intoArray(out, outAt + 10 * WIDTH);
        c10r.intoArray(out, outAt + 10 * WIDTH + HALF);
        c11l.intoArray(out, outAt + 11 * WIDTH);
        c11r.intoArray(out, outAt + 11 * WIDTH + HALF);
    }

    /** 4 rows of a. */
    private static void rows4(
            float[] a, int aAt, float[] b, int bAt, int depth, float[] in, int inAt, int inStride, float[] out, int outAt) {
        FloatVector c0l = FloatVector.fromArray(LANES, in, inAt);
        FloatVector c0r = FloatVector.fromArray(LANES, in, inAt + HALF);
        FloatVector c1l = FloatVector.fromArray(LANES, in, inAt + inStride);
        FloatVector c1r = FloatVector.fromArray(LANES, in, inAt + inStride + HALF);
        FloatVector c2l = FloatVector.fromArray(LANES, in, inAt + 2 * inStride);
        FloatVector c2r = FloatVector.fromArray(LANES, in, inAt + 2 * inStride + HALF);
        FloatVector c3l = FloatVector.fromArray(LANES, in, inAt + 3 * inStride);
        FloatVector c3r = FloatVector.fromArray(LANES, in, inAt + 3 * inStride + HALF);
        for (int k = 0; k < depth; k++) {
            FloatVector left = FloatVector.fromArray(LANES, b, bAt + k * WIDTH);
            FloatVector right = FloatVector.fromArray(LANES, b, bAt + k * WIDTH + HALF);
            FloatVector a0 = FloatVector.broadcast(LANES, a[aAt + k]);
            c0l = a0.fma(left, c0l);
            c0r = a0.fma(right, c0r);
            FloatVector a1 = FloatVector.broadcast(LANES, a[aAt + k + DEPTH]);
            c1l = a1.fma(left, c1l);
            c1r = a1.fma(right, c1r);
            FloatVector a2 = FloatVector.broadcast(LANES, a[aAt + k + 2 * DEPTH]);
            c2l = a2.fma(left, c2l);
            c2r = a2.fma(right, c2r);
            FloatVector a3 = FloatVector.broadcast(LANES, a[aAt + k + 3 * DEPTH]);
            c3l = a3.fma(left, c3l);
            c3r = a3.fma(right, c3r);
        }
        c0l.intoArray(out, outAt);
        c0r.intoArray(out, outAt + HALF);
        c1l.intoArray(out, outAt + WIDTH);
        c1r.intoArray(out, outAt + WIDTH + HALF);
        c2l.intoArray(out, outAt + 2 * WIDTH);
        c2r.intoArray(out, outAt + 2 * WIDTH + HALF);
        c3l.intoArray(out, outAt + 3 * WIDTH);
        c3r.intoArray(out, outAt + 3 * WIDTH + HALF);
    }

    /** One row of a. */
    private static void rows1(
            float[] a, int aAt, float[] b, int bAt, int depth, float[] in, int inAt, float[] out, int outAt) {
        FloatVector c0l = FloatVector.fromArray(LANES, in, inAt);
        FloatVector c0r = FloatVector.fromArray(LANES, in, inAt + HALF);
        for (int k = 0; k < depth; k++) {
            FloatVector left = FloatVector.fromArray(LANES, b, bAt + k * WIDTH);
            FloatVector right = FloatVector.fromArray(LANES, b, bAt + k * WIDTH + HALF);
            FloatVector a0 = FloatVector.broadcast(LANES, a[aAt + k]);
            c0l = a0.fma(left, c0l);
            c0r = a0.fma(right, c0r);
        }
        c0l.intoArray(out, outAt);
        c0r.intoArray(out, outAt + HALF);
    }
}
