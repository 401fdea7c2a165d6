package dev.mme5.engine.kernel.microkernel;

import dev.mme5.engine.kernel.simd.Species;
import jdk.incubator.vector.FloatVector;

/**
 * The micro-kernel: out = in + a · b, where a has rows of up to {@link #DEPTH} floats, DEPTH apart, and b is a panel [depth, PANEL],
 * two vectors wide. Every element of out is one chain of fused multiply-adds over k, so its bits depend neither on the register tile
 * nor on the vector width.
 *
 * <p>The register tile has as many rows as there are registers for. With 32 registers, 12 rows need 24 accumulators, two vectors of b
 * and one broadcast of a; with 16 (most machines with vectors of less than 512 bit), 6 rows need 12 accumulators. There is one method
 * for each number of rows, because C2 keeps accumulators in registers only if they are local variables.
 */
public final class TwoVectorMicroKernel {
    /** Distance between the rows of a, and so the largest depth. A constant, so that one register addresses all rows. */
    public static final int DEPTH = 256;

    /** Width of b, in floats. */
    public static final int PANEL = 2 * Species.COUNT;

    /** Rows in the largest register tile. */
    static final int ROWS = Species.COUNT >= 16 ? 12 : 6;

    private TwoVectorMicroKernel() {}

    /** out = in + a · b for any number of rows. in may be out; with inStride 0, its one row is added to every row. */
    public static void multiply(
            float[] a, int aOffset, int rows, float[] b, int bOffset, int depth,
            float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride) {
        assert depth <= DEPTH;
        int row = 0;
        for (int tile; row < rows; row += tile) {
            tile = tileOf(rows - row);
            int aRow = aOffset + row * DEPTH;
            int inRow = inOffset + row * inStride;
            int outRow = outOffset + row * outStride;
            switch (tile) {
                case 12 -> rows12(a, aRow, b, bOffset, depth, in, inRow, inStride, out, outRow, outStride);
                case 8 -> rows8(a, aRow, b, bOffset, depth, in, inRow, inStride, out, outRow, outStride);
                case 6 -> rows6(a, aRow, b, bOffset, depth, in, inRow, inStride, out, outRow, outStride);
                case 4 -> rows4(a, aRow, b, bOffset, depth, in, inRow, inStride, out, outRow, outStride);
                default -> rows1(a, aRow, b, bOffset, depth, in, inRow, inStride, out, outRow, outStride);
            }
        }
    }

    /** Rows of the largest tile that these rows fill. */
    private static int tileOf(int rows) {
        if (ROWS == 6 && rows == 8) return 4; // not 6 and twice 1
        if (rows >= ROWS) return ROWS;
        if (ROWS > 8 && rows >= 8) return 8;
        if (rows >= 6) return 6;
        return rows >= 4 ? 4 : 1;
    }

    /** 12 rows of a. */
    private static void rows12(
            float[] a, int aOffset, float[] b, int bOffset, int depth, float[] in, int inOffset, int inStride, float[] out, int outOffset,
            int outStride) {
        FloatVector c0l = FloatVector.fromArray(Species.FLOAT, in, inOffset);
        FloatVector c0r = FloatVector.fromArray(Species.FLOAT, in, inOffset + Species.COUNT);
        FloatVector c1l = FloatVector.fromArray(Species.FLOAT, in, inOffset + inStride);
        FloatVector c1r = FloatVector.fromArray(Species.FLOAT, in, inOffset + inStride + Species.COUNT);
        FloatVector c2l = FloatVector.fromArray(Species.FLOAT, in, inOffset + 2 * inStride);
        FloatVector c2r = FloatVector.fromArray(Species.FLOAT, in, inOffset + 2 * inStride + Species.COUNT);
        FloatVector c3l = FloatVector.fromArray(Species.FLOAT, in, inOffset + 3 * inStride);
        FloatVector c3r = FloatVector.fromArray(Species.FLOAT, in, inOffset + 3 * inStride + Species.COUNT);
        FloatVector c4l = FloatVector.fromArray(Species.FLOAT, in, inOffset + 4 * inStride);
        FloatVector c4r = FloatVector.fromArray(Species.FLOAT, in, inOffset + 4 * inStride + Species.COUNT);
        FloatVector c5l = FloatVector.fromArray(Species.FLOAT, in, inOffset + 5 * inStride);
        FloatVector c5r = FloatVector.fromArray(Species.FLOAT, in, inOffset + 5 * inStride + Species.COUNT);
        FloatVector c6l = FloatVector.fromArray(Species.FLOAT, in, inOffset + 6 * inStride);
        FloatVector c6r = FloatVector.fromArray(Species.FLOAT, in, inOffset + 6 * inStride + Species.COUNT);
        FloatVector c7l = FloatVector.fromArray(Species.FLOAT, in, inOffset + 7 * inStride);
        FloatVector c7r = FloatVector.fromArray(Species.FLOAT, in, inOffset + 7 * inStride + Species.COUNT);
        FloatVector c8l = FloatVector.fromArray(Species.FLOAT, in, inOffset + 8 * inStride);
        FloatVector c8r = FloatVector.fromArray(Species.FLOAT, in, inOffset + 8 * inStride + Species.COUNT);
        FloatVector c9l = FloatVector.fromArray(Species.FLOAT, in, inOffset + 9 * inStride);
        FloatVector c9r = FloatVector.fromArray(Species.FLOAT, in, inOffset + 9 * inStride + Species.COUNT);
        FloatVector c10l = FloatVector.fromArray(Species.FLOAT, in, inOffset + 10 * inStride);
        FloatVector c10r = FloatVector.fromArray(Species.FLOAT, in, inOffset + 10 * inStride + Species.COUNT);
        FloatVector c11l = FloatVector.fromArray(Species.FLOAT, in, inOffset + 11 * inStride);
        FloatVector c11r = FloatVector.fromArray(Species.FLOAT, in, inOffset + 11 * inStride + Species.COUNT);
        int k = aOffset;
        for (int i = 0; i < depth * PANEL; i += PANEL, k++) {
            FloatVector left = FloatVector.fromArray(Species.FLOAT, b, bOffset + i);
            FloatVector right = FloatVector.fromArray(Species.FLOAT, b, bOffset + i + Species.COUNT);
            FloatVector a0 = FloatVector.broadcast(Species.FLOAT, a[k]);
            c0l = a0.fma(left, c0l);
            c0r = a0.fma(right, c0r);
            FloatVector a1 = FloatVector.broadcast(Species.FLOAT, a[k + DEPTH]);
            c1l = a1.fma(left, c1l);
            c1r = a1.fma(right, c1r);
            FloatVector a2 = FloatVector.broadcast(Species.FLOAT, a[k + 2 * DEPTH]);
            c2l = a2.fma(left, c2l);
            c2r = a2.fma(right, c2r);
            FloatVector a3 = FloatVector.broadcast(Species.FLOAT, a[k + 3 * DEPTH]);
            c3l = a3.fma(left, c3l);
            c3r = a3.fma(right, c3r);
            FloatVector a4 = FloatVector.broadcast(Species.FLOAT, a[k + 4 * DEPTH]);
            c4l = a4.fma(left, c4l);
            c4r = a4.fma(right, c4r);
            FloatVector a5 = FloatVector.broadcast(Species.FLOAT, a[k + 5 * DEPTH]);
            c5l = a5.fma(left, c5l);
            c5r = a5.fma(right, c5r);
            FloatVector a6 = FloatVector.broadcast(Species.FLOAT, a[k + 6 * DEPTH]);
            c6l = a6.fma(left, c6l);
            c6r = a6.fma(right, c6r);
            FloatVector a7 = FloatVector.broadcast(Species.FLOAT, a[k + 7 * DEPTH]);
            c7l = a7.fma(left, c7l);
            c7r = a7.fma(right, c7r);
            FloatVector a8 = FloatVector.broadcast(Species.FLOAT, a[k + 8 * DEPTH]);
            c8l = a8.fma(left, c8l);
            c8r = a8.fma(right, c8r);
            FloatVector a9 = FloatVector.broadcast(Species.FLOAT, a[k + 9 * DEPTH]);
            c9l = a9.fma(left, c9l);
            c9r = a9.fma(right, c9r);
            FloatVector a10 = FloatVector.broadcast(Species.FLOAT, a[k + 10 * DEPTH]);
            c10l = a10.fma(left, c10l);
            c10r = a10.fma(right, c10r);
            FloatVector a11 = FloatVector.broadcast(Species.FLOAT, a[k + 11 * DEPTH]);
            c11l = a11.fma(left, c11l);
            c11r = a11.fma(right, c11r);
        }
        c0l.intoArray(out, outOffset);
        c0r.intoArray(out, outOffset + Species.COUNT);
        c1l.intoArray(out, outOffset + outStride);
        c1r.intoArray(out, outOffset + outStride + Species.COUNT);
        c2l.intoArray(out, outOffset + 2 * outStride);
        c2r.intoArray(out, outOffset + 2 * outStride + Species.COUNT);
        c3l.intoArray(out, outOffset + 3 * outStride);
        c3r.intoArray(out, outOffset + 3 * outStride + Species.COUNT);
        c4l.intoArray(out, outOffset + 4 * outStride);
        c4r.intoArray(out, outOffset + 4 * outStride + Species.COUNT);
        c5l.intoArray(out, outOffset + 5 * outStride);
        c5r.intoArray(out, outOffset + 5 * outStride + Species.COUNT);
        c6l.intoArray(out, outOffset + 6 * outStride);
        c6r.intoArray(out, outOffset + 6 * outStride + Species.COUNT);
        c7l.intoArray(out, outOffset + 7 * outStride);
        c7r.intoArray(out, outOffset + 7 * outStride + Species.COUNT);
        c8l.intoArray(out, outOffset + 8 * outStride);
        c8r.intoArray(out, outOffset + 8 * outStride + Species.COUNT);
        c9l.intoArray(out, outOffset + 9 * outStride);
        c9r.intoArray(out, outOffset + 9 * outStride + Species.COUNT);
        c10l.intoArray(out, outOffset + 10 * outStride);
        c10r.intoArray(out, outOffset + 10 * outStride + Species.COUNT);
        c11l.intoArray(out, outOffset + 11 * outStride);
        c11r.intoArray(out, outOffset + 11 * outStride + Species.COUNT);
    }

    /** 8 rows of a. */
    private static void rows8(
            float[] a, int aOffset, float[] b, int bOffset, int depth, float[] in, int inOffset, int inStride, float[] out, int outOffset,
            int outStride) {
        FloatVector c0l = FloatVector.fromArray(Species.FLOAT, in, inOffset);
        FloatVector c0r = FloatVector.fromArray(Species.FLOAT, in, inOffset + Species.COUNT);
        FloatVector c1l = FloatVector.fromArray(Species.FLOAT, in, inOffset + inStride);
        FloatVector c1r = FloatVector.fromArray(Species.FLOAT, in, inOffset + inStride + Species.COUNT);
        FloatVector c2l = FloatVector.fromArray(Species.FLOAT, in, inOffset + 2 * inStride);
        FloatVector c2r = FloatVector.fromArray(Species.FLOAT, in, inOffset + 2 * inStride + Species.COUNT);
        FloatVector c3l = FloatVector.fromArray(Species.FLOAT, in, inOffset + 3 * inStride);
        FloatVector c3r = FloatVector.fromArray(Species.FLOAT, in, inOffset + 3 * inStride + Species.COUNT);
        FloatVector c4l = FloatVector.fromArray(Species.FLOAT, in, inOffset + 4 * inStride);
        FloatVector c4r = FloatVector.fromArray(Species.FLOAT, in, inOffset + 4 * inStride + Species.COUNT);
        FloatVector c5l = FloatVector.fromArray(Species.FLOAT, in, inOffset + 5 * inStride);
        FloatVector c5r = FloatVector.fromArray(Species.FLOAT, in, inOffset + 5 * inStride + Species.COUNT);
        FloatVector c6l = FloatVector.fromArray(Species.FLOAT, in, inOffset + 6 * inStride);
        FloatVector c6r = FloatVector.fromArray(Species.FLOAT, in, inOffset + 6 * inStride + Species.COUNT);
        FloatVector c7l = FloatVector.fromArray(Species.FLOAT, in, inOffset + 7 * inStride);
        FloatVector c7r = FloatVector.fromArray(Species.FLOAT, in, inOffset + 7 * inStride + Species.COUNT);
        int k = aOffset;
        for (int i = 0; i < depth * PANEL; i += PANEL, k++) {
            FloatVector left = FloatVector.fromArray(Species.FLOAT, b, bOffset + i);
            FloatVector right = FloatVector.fromArray(Species.FLOAT, b, bOffset + i + Species.COUNT);
            FloatVector a0 = FloatVector.broadcast(Species.FLOAT, a[k]);
            c0l = a0.fma(left, c0l);
            c0r = a0.fma(right, c0r);
            FloatVector a1 = FloatVector.broadcast(Species.FLOAT, a[k + DEPTH]);
            c1l = a1.fma(left, c1l);
            c1r = a1.fma(right, c1r);
            FloatVector a2 = FloatVector.broadcast(Species.FLOAT, a[k + 2 * DEPTH]);
            c2l = a2.fma(left, c2l);
            c2r = a2.fma(right, c2r);
            FloatVector a3 = FloatVector.broadcast(Species.FLOAT, a[k + 3 * DEPTH]);
            c3l = a3.fma(left, c3l);
            c3r = a3.fma(right, c3r);
            FloatVector a4 = FloatVector.broadcast(Species.FLOAT, a[k + 4 * DEPTH]);
            c4l = a4.fma(left, c4l);
            c4r = a4.fma(right, c4r);
            FloatVector a5 = FloatVector.broadcast(Species.FLOAT, a[k + 5 * DEPTH]);
            c5l = a5.fma(left, c5l);
            c5r = a5.fma(right, c5r);
            FloatVector a6 = FloatVector.broadcast(Species.FLOAT, a[k + 6 * DEPTH]);
            c6l = a6.fma(left, c6l);
            c6r = a6.fma(right, c6r);
            FloatVector a7 = FloatVector.broadcast(Species.FLOAT, a[k + 7 * DEPTH]);
            c7l = a7.fma(left, c7l);
            c7r = a7.fma(right, c7r);
        }
        c0l.intoArray(out, outOffset);
        c0r.intoArray(out, outOffset + Species.COUNT);
        c1l.intoArray(out, outOffset + outStride);
        c1r.intoArray(out, outOffset + outStride + Species.COUNT);
        c2l.intoArray(out, outOffset + 2 * outStride);
        c2r.intoArray(out, outOffset + 2 * outStride + Species.COUNT);
        c3l.intoArray(out, outOffset + 3 * outStride);
        c3r.intoArray(out, outOffset + 3 * outStride + Species.COUNT);
        c4l.intoArray(out, outOffset + 4 * outStride);
        c4r.intoArray(out, outOffset + 4 * outStride + Species.COUNT);
        c5l.intoArray(out, outOffset + 5 * outStride);
        c5r.intoArray(out, outOffset + 5 * outStride + Species.COUNT);
        c6l.intoArray(out, outOffset + 6 * outStride);
        c6r.intoArray(out, outOffset + 6 * outStride + Species.COUNT);
        c7l.intoArray(out, outOffset + 7 * outStride);
        c7r.intoArray(out, outOffset + 7 * outStride + Species.COUNT);
    }

    /** 6 rows of a. */
    private static void rows6(
            float[] a, int aOffset, float[] b, int bOffset, int depth, float[] in, int inOffset, int inStride, float[] out, int outOffset,
            int outStride) {
        FloatVector c0l = FloatVector.fromArray(Species.FLOAT, in, inOffset);
        FloatVector c0r = FloatVector.fromArray(Species.FLOAT, in, inOffset + Species.COUNT);
        FloatVector c1l = FloatVector.fromArray(Species.FLOAT, in, inOffset + inStride);
        FloatVector c1r = FloatVector.fromArray(Species.FLOAT, in, inOffset + inStride + Species.COUNT);
        FloatVector c2l = FloatVector.fromArray(Species.FLOAT, in, inOffset + 2 * inStride);
        FloatVector c2r = FloatVector.fromArray(Species.FLOAT, in, inOffset + 2 * inStride + Species.COUNT);
        FloatVector c3l = FloatVector.fromArray(Species.FLOAT, in, inOffset + 3 * inStride);
        FloatVector c3r = FloatVector.fromArray(Species.FLOAT, in, inOffset + 3 * inStride + Species.COUNT);
        FloatVector c4l = FloatVector.fromArray(Species.FLOAT, in, inOffset + 4 * inStride);
        FloatVector c4r = FloatVector.fromArray(Species.FLOAT, in, inOffset + 4 * inStride + Species.COUNT);
        FloatVector c5l = FloatVector.fromArray(Species.FLOAT, in, inOffset + 5 * inStride);
        FloatVector c5r = FloatVector.fromArray(Species.FLOAT, in, inOffset + 5 * inStride + Species.COUNT);
        int k = aOffset;
        for (int i = 0; i < depth * PANEL; i += PANEL, k++) {
            FloatVector left = FloatVector.fromArray(Species.FLOAT, b, bOffset + i);
            FloatVector right = FloatVector.fromArray(Species.FLOAT, b, bOffset + i + Species.COUNT);
            FloatVector a0 = FloatVector.broadcast(Species.FLOAT, a[k]);
            c0l = a0.fma(left, c0l);
            c0r = a0.fma(right, c0r);
            FloatVector a1 = FloatVector.broadcast(Species.FLOAT, a[k + DEPTH]);
            c1l = a1.fma(left, c1l);
            c1r = a1.fma(right, c1r);
            FloatVector a2 = FloatVector.broadcast(Species.FLOAT, a[k + 2 * DEPTH]);
            c2l = a2.fma(left, c2l);
            c2r = a2.fma(right, c2r);
            FloatVector a3 = FloatVector.broadcast(Species.FLOAT, a[k + 3 * DEPTH]);
            c3l = a3.fma(left, c3l);
            c3r = a3.fma(right, c3r);
            FloatVector a4 = FloatVector.broadcast(Species.FLOAT, a[k + 4 * DEPTH]);
            c4l = a4.fma(left, c4l);
            c4r = a4.fma(right, c4r);
            FloatVector a5 = FloatVector.broadcast(Species.FLOAT, a[k + 5 * DEPTH]);
            c5l = a5.fma(left, c5l);
            c5r = a5.fma(right, c5r);
        }
        c0l.intoArray(out, outOffset);
        c0r.intoArray(out, outOffset + Species.COUNT);
        c1l.intoArray(out, outOffset + outStride);
        c1r.intoArray(out, outOffset + outStride + Species.COUNT);
        c2l.intoArray(out, outOffset + 2 * outStride);
        c2r.intoArray(out, outOffset + 2 * outStride + Species.COUNT);
        c3l.intoArray(out, outOffset + 3 * outStride);
        c3r.intoArray(out, outOffset + 3 * outStride + Species.COUNT);
        c4l.intoArray(out, outOffset + 4 * outStride);
        c4r.intoArray(out, outOffset + 4 * outStride + Species.COUNT);
        c5l.intoArray(out, outOffset + 5 * outStride);
        c5r.intoArray(out, outOffset + 5 * outStride + Species.COUNT);
    }

    /** 4 rows of a. */
    private static void rows4(
            float[] a, int aOffset, float[] b, int bOffset, int depth, float[] in, int inOffset, int inStride, float[] out, int outOffset,
            int outStride) {
        FloatVector c0l = FloatVector.fromArray(Species.FLOAT, in, inOffset);
        FloatVector c0r = FloatVector.fromArray(Species.FLOAT, in, inOffset + Species.COUNT);
        FloatVector c1l = FloatVector.fromArray(Species.FLOAT, in, inOffset + inStride);
        FloatVector c1r = FloatVector.fromArray(Species.FLOAT, in, inOffset + inStride + Species.COUNT);
        FloatVector c2l = FloatVector.fromArray(Species.FLOAT, in, inOffset + 2 * inStride);
        FloatVector c2r = FloatVector.fromArray(Species.FLOAT, in, inOffset + 2 * inStride + Species.COUNT);
        FloatVector c3l = FloatVector.fromArray(Species.FLOAT, in, inOffset + 3 * inStride);
        FloatVector c3r = FloatVector.fromArray(Species.FLOAT, in, inOffset + 3 * inStride + Species.COUNT);
        int k = aOffset;
        for (int i = 0; i < depth * PANEL; i += PANEL, k++) {
            FloatVector left = FloatVector.fromArray(Species.FLOAT, b, bOffset + i);
            FloatVector right = FloatVector.fromArray(Species.FLOAT, b, bOffset + i + Species.COUNT);
            FloatVector a0 = FloatVector.broadcast(Species.FLOAT, a[k]);
            c0l = a0.fma(left, c0l);
            c0r = a0.fma(right, c0r);
            FloatVector a1 = FloatVector.broadcast(Species.FLOAT, a[k + DEPTH]);
            c1l = a1.fma(left, c1l);
            c1r = a1.fma(right, c1r);
            FloatVector a2 = FloatVector.broadcast(Species.FLOAT, a[k + 2 * DEPTH]);
            c2l = a2.fma(left, c2l);
            c2r = a2.fma(right, c2r);
            FloatVector a3 = FloatVector.broadcast(Species.FLOAT, a[k + 3 * DEPTH]);
            c3l = a3.fma(left, c3l);
            c3r = a3.fma(right, c3r);
        }
        c0l.intoArray(out, outOffset);
        c0r.intoArray(out, outOffset + Species.COUNT);
        c1l.intoArray(out, outOffset + outStride);
        c1r.intoArray(out, outOffset + outStride + Species.COUNT);
        c2l.intoArray(out, outOffset + 2 * outStride);
        c2r.intoArray(out, outOffset + 2 * outStride + Species.COUNT);
        c3l.intoArray(out, outOffset + 3 * outStride);
        c3r.intoArray(out, outOffset + 3 * outStride + Species.COUNT);
    }

    /** 1 row of a. */
    private static void rows1(
            float[] a, int aOffset, float[] b, int bOffset, int depth, float[] in, int inOffset, int inStride, float[] out, int outOffset,
            int outStride) {
        FloatVector c0l = FloatVector.fromArray(Species.FLOAT, in, inOffset);
        FloatVector c0r = FloatVector.fromArray(Species.FLOAT, in, inOffset + Species.COUNT);
        int k = aOffset;
        for (int i = 0; i < depth * PANEL; i += PANEL, k++) {
            FloatVector left = FloatVector.fromArray(Species.FLOAT, b, bOffset + i);
            FloatVector right = FloatVector.fromArray(Species.FLOAT, b, bOffset + i + Species.COUNT);
            FloatVector a0 = FloatVector.broadcast(Species.FLOAT, a[k]);
            c0l = a0.fma(left, c0l);
            c0r = a0.fma(right, c0r);
        }
        c0l.intoArray(out, outOffset);
        c0r.intoArray(out, outOffset + Species.COUNT);
    }
}
