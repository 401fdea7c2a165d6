package dev.mme5.engine.kernel.int4;

import static dev.mme5.engine.kernel.simd.Species.INT;
import static dev.mme5.engine.kernel.simd.Species.SHORT;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

/** Register tiles of the {@link Int4MicroKernel} for 1 to 8 tokens, written by {@code Int4TileSource}. */
final class Int4SumTiles1To8 {
    private static final int BLOCK = ActivationQuantizer.BLOCK;
    private static final int PANEL = Int4MicroKernel.PANEL;
    private static final int HALF = PANEL / 2;
    private static final int TOKENS = Int4MicroKernel.TOKENS;

    private Int4SumTiles1To8() {}

    /**
     * The sums of a block.
     *
     * @param x factors, [BLOCK, TOKENS], each in both halves of an int
     * @param zeros what sums begin with, in the same way
     * @param w [BLOCK, PANEL]
     * @param sums receives [tokens, PANEL]
     */
    static void multiply(int tokens, int[] x, int[] zeros, short[] w, int wOffset, short[] sums, int sumsOffset) {
        switch (tokens) {
            case 1 -> tokens1(x, zeros, w, wOffset, sums, sumsOffset);
            case 2 -> tokens2(x, zeros, w, wOffset, sums, sumsOffset);
            case 3 -> tokens3(x, zeros, w, wOffset, sums, sumsOffset);
            case 4 -> tokens4(x, zeros, w, wOffset, sums, sumsOffset);
            case 5 -> tokens5(x, zeros, w, wOffset, sums, sumsOffset);
            case 6 -> tokens6(x, zeros, w, wOffset, sums, sumsOffset);
            case 7 -> tokens7(x, zeros, w, wOffset, sums, sumsOffset);
            default -> tokens8(x, zeros, w, wOffset, sums, sumsOffset);
        }
    }

    private static void tokens1(int[] x, int[] zeros, short[] w, int wOffset, short[] sums, int sumsOffset) {
        ShortVector a0 = (ShortVector) IntVector.broadcast(INT, zeros[0]).reinterpretShape(SHORT, 0);
        ShortVector b0 = a0;
        for (int k = 0; k < BLOCK; k++) {
            ShortVector a = ShortVector.fromArray(SHORT, w, wOffset + k * PANEL);
            ShortVector b = ShortVector.fromArray(SHORT, w, wOffset + k * PANEL + HALF);
            ShortVector x0 = (ShortVector) IntVector.broadcast(INT, x[k * TOKENS]).reinterpretShape(SHORT, 0);
            a0 = a0.add(a.mul(x0));
            b0 = b0.add(b.mul(x0));
        }
        a0.intoArray(sums, sumsOffset);
        b0.intoArray(sums, sumsOffset + HALF);
    }

    private static void tokens2(int[] x, int[] zeros, short[] w, int wOffset, short[] sums, int sumsOffset) {
        ShortVector a0 = (ShortVector) IntVector.broadcast(INT, zeros[0]).reinterpretShape(SHORT, 0);
        ShortVector b0 = a0;
        ShortVector a1 = (ShortVector) IntVector.broadcast(INT, zeros[1]).reinterpretShape(SHORT, 0);
        ShortVector b1 = a1;
        for (int k = 0; k < BLOCK; k++) {
            ShortVector a = ShortVector.fromArray(SHORT, w, wOffset + k * PANEL);
            ShortVector b = ShortVector.fromArray(SHORT, w, wOffset + k * PANEL + HALF);
            ShortVector x0 = (ShortVector) IntVector.broadcast(INT, x[k * TOKENS]).reinterpretShape(SHORT, 0);
            a0 = a0.add(a.mul(x0));
            b0 = b0.add(b.mul(x0));
            ShortVector x1 = (ShortVector) IntVector.broadcast(INT, x[k * TOKENS + 1]).reinterpretShape(SHORT, 0);
            a1 = a1.add(a.mul(x1));
            b1 = b1.add(b.mul(x1));
        }
        a0.intoArray(sums, sumsOffset);
        b0.intoArray(sums, sumsOffset + HALF);
        a1.intoArray(sums, sumsOffset + PANEL);
        b1.intoArray(sums, sumsOffset + PANEL + HALF);
    }

    private static void tokens3(int[] x, int[] zeros, short[] w, int wOffset, short[] sums, int sumsOffset) {
        ShortVector a0 = (ShortVector) IntVector.broadcast(INT, zeros[0]).reinterpretShape(SHORT, 0);
        ShortVector b0 = a0;
        ShortVector a1 = (ShortVector) IntVector.broadcast(INT, zeros[1]).reinterpretShape(SHORT, 0);
        ShortVector b1 = a1;
        ShortVector a2 = (ShortVector) IntVector.broadcast(INT, zeros[2]).reinterpretShape(SHORT, 0);
        ShortVector b2 = a2;
        for (int k = 0; k < BLOCK; k++) {
            ShortVector a = ShortVector.fromArray(SHORT, w, wOffset + k * PANEL);
            ShortVector b = ShortVector.fromArray(SHORT, w, wOffset + k * PANEL + HALF);
            ShortVector x0 = (ShortVector) IntVector.broadcast(INT, x[k * TOKENS]).reinterpretShape(SHORT, 0);
            a0 = a0.add(a.mul(x0));
            b0 = b0.add(b.mul(x0));
            ShortVector x1 = (ShortVector) IntVector.broadcast(INT, x[k * TOKENS + 1]).reinterpretShape(SHORT, 0);
            a1 = a1.add(a.mul(x1));
            b1 = b1.add(b.mul(x1));
            ShortVector x2 = (ShortVector) IntVector.broadcast(INT, x[k * TOKENS + 2]).reinterpretShape(SHORT, 0);
            a2 = a2.add(a.mul(x2));
            b2 = b2.add(b.mul(x2));
        }
        a0.intoArray(sums, sumsOffset);
        b0.intoArray(sums, sumsOffset + HALF);
        a1.intoArray(sums, sumsOffset + PANEL);
        b1.intoArray(sums, sumsOffset + PANEL + HALF);
        a2.intoArray(sums, sumsOffset + 2 * PANEL);
        b2.intoArray(sums, sumsOffset + 2 * PANEL + HALF);
    }

    private static void tokens4(int[] x, int[] zeros, short[] w, int wOffset, short[] sums, int sumsOffset) {
        ShortVector a0 = (ShortVector) IntVector.broadcast(INT, zeros[0]).reinterpretShape(SHORT, 0);
        ShortVector b0 = a0;
        ShortVector a1 = (ShortVector) IntVector.broadcast(INT, zeros[1]).reinterpretShape(SHORT, 0);
        ShortVector b1 = a1;
        ShortVector a2 = (ShortVector) IntVector.broadcast(INT, zeros[2]).reinterpretShape(SHORT, 0);
        ShortVector b2 = a2;
        ShortVector a3 = (ShortVector) IntVector.broadcast(INT, zeros[3]).reinterpretShape(SHORT, 0);
        ShortVector b3 = a3;
        for (int k = 0; k < BLOCK; k++) {
            ShortVector a = ShortVector.fromArray(SHORT, w, wOffset + k * PANEL);
            ShortVector b = ShortVector.fromArray(SHORT, w, wOffset + k * PANEL + HALF);
            ShortVector x0 = (ShortVector) IntVector.broadcast(INT, x[k * TOKENS]).reinterpretShape(SHORT, 0);
            a0 = a0.add(a.mul(x0));
            b0 = b0.add(b.mul(x0));
            ShortVector x1 = (ShortVector) IntVector.broadcast(INT, x[k * TOKENS + 1]).reinterpretShape(SHORT, 0);
            a1 = a1.add(a.mul(x1));
            b1 = b1.add(b.mul(x1));
            ShortVector x2 = (ShortVector) IntVector.broadcast(INT, x[k * TOKENS + 2]).reinterpretShape(SHORT, 0);
            a2 = a2.add(a.mul(x2));
            b2 = b2.add(b.mul(x2));
            ShortVector x3 = (ShortVector) IntVector.broadcast(INT, x[k * TOKENS + 3]).reinterpretShape(SHORT, 0);
            a3 = a3.add(a.mul(x3));
            b3 = b3.add(b.mul(x3));
        }
        a0.intoArray(sums, sumsOffset);
        b0.intoArray(sums, sumsOffset + HALF);
        a1.intoArray(sums, sumsOffset + PANEL);
        b1.intoArray(sums, sumsOffset + PANEL + HALF);
        a2.intoArray(sums, sumsOffset + 2 * PANEL);
        b2.intoArray(sums, sumsOffset + 2 * PANEL + HALF);
        a3.intoArray(sums, sumsOffset + 3 * PANEL);
        b3.intoArray(sums, sumsOffset + 3 * PANEL + HALF);
    }

    private static void tokens5(int[] x, int[] zeros, short[] w, int wOffset, short[] sums, int sumsOffset) {
        ShortVector a0 = (ShortVector) IntVector.broadcast(INT, zeros[0]).reinterpretShape(SHORT, 0);
        ShortVector b0 = a0;
        ShortVector a1 = (ShortVector) IntVector.broadcast(INT, zeros[1]).reinterpretShape(SHORT, 0);
        ShortVector b1 = a1;
        ShortVector a2 = (ShortVector) IntVector.broadcast(INT, zeros[2]).reinterpretShape(SHORT, 0);
        ShortVector b2 = a2;
        ShortVector a3 = (ShortVector) IntVector.broadcast(INT, zeros[3]).reinterpretShape(SHORT, 0);
        ShortVector b3 = a3;
        ShortVector a4 = (ShortVector) IntVector.broadcast(INT, zeros[4]).reinterpretShape(SHORT, 0);
        ShortVector b4 = a4;
        for (int k = 0; k < BLOCK; k++) {
            ShortVector a = ShortVector.fromArray(SHORT, w, wOffset + k * PANEL);
            ShortVector b = ShortVector.fromArray(SHORT, w, wOffset + k * PANEL + HALF);
            ShortVector x0 = (ShortVector) IntVector.broadcast(INT, x[k * TOKENS]).reinterpretShape(SHORT, 0);
            a0 = a0.add(a.mul(x0));
            b0 = b0.add(b.mul(x0));
            ShortVector x1 = (ShortVector) IntVector.broadcast(INT, x[k * TOKENS + 1]).reinterpretShape(SHORT, 0);
            a1 = a1.add(a.mul(x1));
            b1 = b1.add(b.mul(x1));
            ShortVector x2 = (ShortVector) IntVector.broadcast(INT, x[k * TOKENS + 2]).reinterpretShape(SHORT, 0);
            a2 = a2.add(a.mul(x2));
            b2 = b2.add(b.mul(x2));
            ShortVector x3 = (ShortVector) IntVector.broadcast(INT, x[k * TOKENS + 3]).reinterpretShape(SHORT, 0);
            a3 = a3.add(a.mul(x3));
            b3 = b3.add(b.mul(x3));
            ShortVector x4 = (ShortVector) IntVector.broadcast(INT, x[k * TOKENS + 4]).reinterpretShape(SHORT, 0);
            a4 = a4.add(a.mul(x4));
            b4 = b4.add(b.mul(x4));
        }
        a0.intoArray(sums, sumsOffset);
        b0.intoArray(sums, sumsOffset + HALF);
        a1.intoArray(sums, sumsOffset + PANEL);
        b1.intoArray(sums, sumsOffset + PANEL + HALF);
        a2.intoArray(sums, sumsOffset + 2 * PANEL);
        b2.intoArray(sums, sumsOffset + 2 * PANEL + HALF);
        a3.intoArray(sums, sumsOffset + 3 * PANEL);
        b3.intoArray(sums, sumsOffset + 3 * PANEL + HALF);
        a4.intoArray(sums, sumsOffset + 4 * PANEL);
        b4.intoArray(sums, sumsOffset + 4 * PANEL + HALF);
    }

    private static void tokens6(int[] x, int[] zeros, short[] w, int wOffset, short[] sums, int sumsOffset) {
        ShortVector a0 = (ShortVector) IntVector.broadcast(INT, zeros[0]).reinterpretShape(SHORT, 0);
        ShortVector b0 = a0;
        ShortVector a1 = (ShortVector) IntVector.broadcast(INT, zeros[1]).reinterpretShape(SHORT, 0);
        ShortVector b1 = a1;
        ShortVector a2 = (ShortVector) IntVector.broadcast(INT, zeros[2]).reinterpretShape(SHORT, 0);
        ShortVector b2 = a2;
        ShortVector a3 = (ShortVector) IntVector.broadcast(INT, zeros[3]).reinterpretShape(SHORT, 0);
        ShortVector b3 = a3;
        ShortVector a4 = (ShortVector) IntVector.broadcast(INT, zeros[4]).reinterpretShape(SHORT, 0);
        ShortVector b4 = a4;
        ShortVector a5 = (ShortVector) IntVector.broadcast(INT, zeros[5]).reinterpretShape(SHORT, 0);
        ShortVector b5 = a5;
        for (int k = 0; k < BLOCK; k++) {
            ShortVector a = ShortVector.fromArray(SHORT, w, wOffset + k * PANEL);
            ShortVector b = ShortVector.fromArray(SHORT, w, wOffset + k * PANEL + HALF);
            ShortVector x0 = (ShortVector) IntVector.broadcast(INT, x[k * TOKENS]).reinterpretShape(SHORT, 0);
            a0 = a0.add(a.mul(x0));
            b0 = b0.add(b.mul(x0));
            ShortVector x1 = (ShortVector) IntVector.broadcast(INT, x[k * TOKENS + 1]).reinterpretShape(SHORT, 0);
            a1 = a1.add(a.mul(x1));
            b1 = b1.add(b.mul(x1));
            ShortVector x2 = (ShortVector) IntVector.broadcast(INT, x[k * TOKENS + 2]).reinterpretShape(SHORT, 0);
            a2 = a2.add(a.mul(x2));
            b2 = b2.add(b.mul(x2));
            ShortVector x3 = (ShortVector) IntVector.broadcast(INT, x[k * TOKENS + 3]).reinterpretShape(SHORT, 0);
            a3 = a3.add(a.mul(x3));
            b3 = b3.add(b.mul(x3));
            ShortVector x4 = (ShortVector) IntVector.broadcast(INT, x[k * TOKENS + 4]).reinterpretShape(SHORT, 0);
            a4 = a4.add(a.mul(x4));
            b4 = b4.add(b.mul(x4));
            ShortVector x5 = (ShortVector) IntVector.broadcast(INT, x[k * TOKENS + 5]).reinterpretShape(SHORT, 0);
            a5 = a5.add(a.mul(x5));
            b5 = b5.add(b.mul(x5));
        }
        a0.intoArray(sums, sumsOffset);
        b0.intoArray(sums, sumsOffset + HALF);
        a1.intoArray(sums, sumsOffset + PANEL);
        b1.intoArray(sums, sumsOffset + PANEL + HALF);
        a2.intoArray(sums, sumsOffset + 2 * PANEL);
        b2.intoArray(sums, sumsOffset + 2 * PANEL + HALF);
        a3.intoArray(sums, sumsOffset + 3 * PANEL);
        b3.intoArray(sums, sumsOffset + 3 * PANEL + HALF);
        a4.intoArray(sums, sumsOffset + 4 * PANEL);
        b4.intoArray(sums, sumsOffset + 4 * PANEL + HALF);
        a5.intoArray(sums, sumsOffset + 5 * PANEL);
        b5.intoArray(sums, sumsOffset + 5 * PANEL + HALF);
    }

    private static void tokens7(int[] x, int[] zeros, short[] w, int wOffset, short[] sums, int sumsOffset) {
        ShortVector a0 = (ShortVector) IntVector.broadcast(INT, zeros[0]).reinterpretShape(SHORT, 0);
        ShortVector b0 = a0;
        ShortVector a1 = (ShortVector) IntVector.broadcast(INT, zeros[1]).reinterpretShape(SHORT, 0);
        ShortVector b1 = a1;
        ShortVector a2 = (ShortVector) IntVector.broadcast(INT, zeros[2]).reinterpretShape(SHORT, 0);
        ShortVector b2 = a2;
        ShortVector a3 = (ShortVector) IntVector.broadcast(INT, zeros[3]).reinterpretShape(SHORT, 0);
        ShortVector b3 = a3;
        ShortVector a4 = (ShortVector) IntVector.broadcast(INT, zeros[4]).reinterpretShape(SHORT, 0);
        ShortVector b4 = a4;
        ShortVector a5 = (ShortVector) IntVector.broadcast(INT, zeros[5]).reinterpretShape(SHORT, 0);
        ShortVector b5 = a5;
        ShortVector a6 = (ShortVector) IntVector.broadcast(INT, zeros[6]).reinterpretShape(SHORT, 0);
        ShortVector b6 = a6;
        for (int k = 0; k < BLOCK; k++) {
            ShortVector a = ShortVector.fromArray(SHORT, w, wOffset + k * PANEL);
            ShortVector b = ShortVector.fromArray(SHORT, w, wOffset + k * PANEL + HALF);
            ShortVector x0 = (ShortVector) IntVector.broadcast(INT, x[k * TOKENS]).reinterpretShape(SHORT, 0);
            a0 = a0.add(a.mul(x0));
            b0 = b0.add(b.mul(x0));
            ShortVector x1 = (ShortVector) IntVector.broadcast(INT, x[k * TOKENS + 1]).reinterpretShape(SHORT, 0);
            a1 = a1.add(a.mul(x1));
            b1 = b1.add(b.mul(x1));
            ShortVector x2 = (ShortVector) IntVector.broadcast(INT, x[k * TOKENS + 2]).reinterpretShape(SHORT, 0);
            a2 = a2.add(a.mul(x2));
            b2 = b2.add(b.mul(x2));
            ShortVector x3 = (ShortVector) IntVector.broadcast(INT, x[k * TOKENS + 3]).reinterpretShape(SHORT, 0);
            a3 = a3.add(a.mul(x3));
            b3 = b3.add(b.mul(x3));
            ShortVector x4 = (ShortVector) IntVector.broadcast(INT, x[k * TOKENS + 4]).reinterpretShape(SHORT, 0);
            a4 = a4.add(a.mul(x4));
            b4 = b4.add(b.mul(x4));
            ShortVector x5 = (ShortVector) IntVector.broadcast(INT, x[k * TOKENS + 5]).reinterpretShape(SHORT, 0);
            a5 = a5.add(a.mul(x5));
            b5 = b5.add(b.mul(x5));
            ShortVector x6 = (ShortVector) IntVector.broadcast(INT, x[k * TOKENS + 6]).reinterpretShape(SHORT, 0);
            a6 = a6.add(a.mul(x6));
            b6 = b6.add(b.mul(x6));
        }
        a0.intoArray(sums, sumsOffset);
        b0.intoArray(sums, sumsOffset + HALF);
        a1.intoArray(sums, sumsOffset + PANEL);
        b1.intoArray(sums, sumsOffset + PANEL + HALF);
        a2.intoArray(sums, sumsOffset + 2 * PANEL);
        b2.intoArray(sums, sumsOffset + 2 * PANEL + HALF);
        a3.intoArray(sums, sumsOffset + 3 * PANEL);
        b3.intoArray(sums, sumsOffset + 3 * PANEL + HALF);
        a4.intoArray(sums, sumsOffset + 4 * PANEL);
        b4.intoArray(sums, sumsOffset + 4 * PANEL + HALF);
        a5.intoArray(sums, sumsOffset + 5 * PANEL);
        b5.intoArray(sums, sumsOffset + 5 * PANEL + HALF);
        a6.intoArray(sums, sumsOffset + 6 * PANEL);
        b6.intoArray(sums, sumsOffset + 6 * PANEL + HALF);
    }

    private static void tokens8(int[] x, int[] zeros, short[] w, int wOffset, short[] sums, int sumsOffset) {
        ShortVector a0 = (ShortVector) IntVector.broadcast(INT, zeros[0]).reinterpretShape(SHORT, 0);
        ShortVector b0 = a0;
        ShortVector a1 = (ShortVector) IntVector.broadcast(INT, zeros[1]).reinterpretShape(SHORT, 0);
        ShortVector b1 = a1;
        ShortVector a2 = (ShortVector) IntVector.broadcast(INT, zeros[2]).reinterpretShape(SHORT, 0);
        ShortVector b2 = a2;
        ShortVector a3 = (ShortVector) IntVector.broadcast(INT, zeros[3]).reinterpretShape(SHORT, 0);
        ShortVector b3 = a3;
        ShortVector a4 = (ShortVector) IntVector.broadcast(INT, zeros[4]).reinterpretShape(SHORT, 0);
        ShortVector b4 = a4;
        ShortVector a5 = (ShortVector) IntVector.broadcast(INT, zeros[5]).reinterpretShape(SHORT, 0);
        ShortVector b5 = a5;
        ShortVector a6 = (ShortVector) IntVector.broadcast(INT, zeros[6]).reinterpretShape(SHORT, 0);
        ShortVector b6 = a6;
        ShortVector a7 = (ShortVector) IntVector.broadcast(INT, zeros[7]).reinterpretShape(SHORT, 0);
        ShortVector b7 = a7;
        for (int k = 0; k < BLOCK; k++) {
            ShortVector a = ShortVector.fromArray(SHORT, w, wOffset + k * PANEL);
            ShortVector b = ShortVector.fromArray(SHORT, w, wOffset + k * PANEL + HALF);
            ShortVector x0 = (ShortVector) IntVector.broadcast(INT, x[k * TOKENS]).reinterpretShape(SHORT, 0);
            a0 = a0.add(a.mul(x0));
            b0 = b0.add(b.mul(x0));
            ShortVector x1 = (ShortVector) IntVector.broadcast(INT, x[k * TOKENS + 1]).reinterpretShape(SHORT, 0);
            a1 = a1.add(a.mul(x1));
            b1 = b1.add(b.mul(x1));
            ShortVector x2 = (ShortVector) IntVector.broadcast(INT, x[k * TOKENS + 2]).reinterpretShape(SHORT, 0);
            a2 = a2.add(a.mul(x2));
            b2 = b2.add(b.mul(x2));
            ShortVector x3 = (ShortVector) IntVector.broadcast(INT, x[k * TOKENS + 3]).reinterpretShape(SHORT, 0);
            a3 = a3.add(a.mul(x3));
            b3 = b3.add(b.mul(x3));
            ShortVector x4 = (ShortVector) IntVector.broadcast(INT, x[k * TOKENS + 4]).reinterpretShape(SHORT, 0);
            a4 = a4.add(a.mul(x4));
            b4 = b4.add(b.mul(x4));
            ShortVector x5 = (ShortVector) IntVector.broadcast(INT, x[k * TOKENS + 5]).reinterpretShape(SHORT, 0);
            a5 = a5.add(a.mul(x5));
            b5 = b5.add(b.mul(x5));
            ShortVector x6 = (ShortVector) IntVector.broadcast(INT, x[k * TOKENS + 6]).reinterpretShape(SHORT, 0);
            a6 = a6.add(a.mul(x6));
            b6 = b6.add(b.mul(x6));
            ShortVector x7 = (ShortVector) IntVector.broadcast(INT, x[k * TOKENS + 7]).reinterpretShape(SHORT, 0);
            a7 = a7.add(a.mul(x7));
            b7 = b7.add(b.mul(x7));
        }
        a0.intoArray(sums, sumsOffset);
        b0.intoArray(sums, sumsOffset + HALF);
        a1.intoArray(sums, sumsOffset + PANEL);
        b1.intoArray(sums, sumsOffset + PANEL + HALF);
        a2.intoArray(sums, sumsOffset + 2 * PANEL);
        b2.intoArray(sums, sumsOffset + 2 * PANEL + HALF);
        a3.intoArray(sums, sumsOffset + 3 * PANEL);
        b3.intoArray(sums, sumsOffset + 3 * PANEL + HALF);
        a4.intoArray(sums, sumsOffset + 4 * PANEL);
        b4.intoArray(sums, sumsOffset + 4 * PANEL + HALF);
        a5.intoArray(sums, sumsOffset + 5 * PANEL);
        b5.intoArray(sums, sumsOffset + 5 * PANEL + HALF);
        a6.intoArray(sums, sumsOffset + 6 * PANEL);
        b6.intoArray(sums, sumsOffset + 6 * PANEL + HALF);
        a7.intoArray(sums, sumsOffset + 7 * PANEL);
        b7.intoArray(sums, sumsOffset + 7 * PANEL + HALF);
    }
}
