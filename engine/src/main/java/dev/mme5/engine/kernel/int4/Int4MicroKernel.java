package dev.mme5.engine.kernel.int4;

import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;

import dev.mme5.engine.kernel.simd.Species;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

/**
 * The micro-kernel of INT4 weights with 8-bit activations, one activation block of 32 at a time. Integer sums are exact in 16 bits
 * (32 * 8 * 127 = 32,512); each is then added to its output by one fused multiply-add with its scale. Adjacent 16-bit lanes are
 * different output rows. An activation is stored in both halves of an int, so that its broadcast is a plain load.
 *
 * <p>As in the tiles of panels, the register tile has as many tokens as there are registers for, and the methods differ in
 * nothing else.
 */
final class Int4MicroKernel {
    /** Distance between the tokens of x, in ints, and so the largest depth that one packing covers. */
    static final int DEPTH = 256;

    /** Output rows in a panel: two vectors of 16-bit integers. */
    static final int PANEL = 4 * Species.COUNT;

    /** Tokens in the largest register tile. */
    static final int TOKENS = Species.COUNT >= 16 ? 12 : 6;

    /** A factor of all scales, because sums are converted to float from the upper half of an int. */
    static final float SCALING = 0x1p-16f;

    private static final int BLOCK = ActivationQuantizer.BLOCK;

    private Int4MicroKernel() {}

    /**
     * out = out + x · panel for some blocks, in order.
     *
     * @param x activations, each in both halves of an int; tokens are DEPTH ints apart
     * @param xScales one scale for each block; tokens are xScalesStride apart
     * @param w a panel, [32 blocks, PANEL]
     * @param wScales of the same panel, [blocks, PANEL], times {@link #SCALING}
     * @param sums a buffer for [blocks, tokens, PANEL]
     * @param out [tokens, PANEL]; tokens are outStride apart
     */
    static void multiply(
            int tokens, int blocks, int[] x, float[] xScales, int xScalesOffset, int xScalesStride, short[] w, int wOffset, float[] wScales,
            int wScalesOffset, short[] sums, float[] out, int outOffset, int outStride) {
        for (int block = 0; block < blocks; block++) {
            int xOffset = block * BLOCK;
            int panel = wOffset + block * BLOCK * PANEL;
            for (int token = 0, tile; token < tokens; token += tile) {
                tile = tileOf(tokens - token);
                int tileOffset = xOffset + token * DEPTH;
                int sumsOffset = (block * tokens + token) * PANEL;
                switch (tile) {
                    case 12 -> sums12(x, tileOffset, w, panel, sums, sumsOffset);
                    case 6 -> sums6(x, tileOffset, w, panel, sums, sumsOffset);
                    case 4 -> sums4(x, tileOffset, w, panel, sums, sumsOffset);
                    case 2 -> sums2(x, tileOffset, w, panel, sums, sumsOffset);
                    default -> sums1(x, tileOffset, w, panel, sums, sumsOffset);
                }
            }
        }
        for (int token = 0; token < tokens; token++) {
            int scales = xScalesOffset + token * xScalesStride;
            scaled(blocks, sums, token * PANEL, tokens * PANEL, xScales, scales, wScales, wScalesOffset, out,
                    outOffset + token * outStride);
        }
    }

    /** Tokens of the largest tile that these tokens fill. */
    private static int tileOf(int tokens) {
        if (tokens >= TOKENS) return TOKENS;
        if (tokens >= 6) return 6;
        if (tokens >= 4) return 4;
        return tokens >= 2 ? 2 : 1;
    }

    /**
     * For one token, block by block: out = fma(sum, weight scale * activation scale, out). The accumulators stay in registers over all
     * blocks. One token only: with two, C2 finds the method too large and no longer keeps its vectors in registers.
     *
     * @param sums blocks are sumsStride apart
     */
    private static void scaled(
            int blocks, short[] sums, int sumsOffset, int sumsStride, float[] xScales, int xScalesOffset, float[] wScales,
            int wScalesOffset,
            float[] out, int outOffset) {
        FloatVector o0 = FloatVector.fromArray(Species.FLOAT, out, outOffset);
        FloatVector o1 = FloatVector.fromArray(Species.FLOAT, out, outOffset + Species.COUNT);
        FloatVector o2 = FloatVector.fromArray(Species.FLOAT, out, outOffset + 2 * Species.COUNT);
        FloatVector o3 = FloatVector.fromArray(Species.FLOAT, out, outOffset + 3 * Species.COUNT);
        for (int block = 0; block < blocks; block++) {
            int s = sumsOffset + block * sumsStride;
            int w = wScalesOffset + block * PANEL;
            IntVector left = (IntVector) ShortVector.fromArray(Species.SHORT, sums, s).reinterpretShape(Species.INT, 0);
            IntVector right = (IntVector) ShortVector.fromArray(Species.SHORT, sums, s + PANEL / 2).reinterpretShape(Species.INT, 0);
            FloatVector scale = FloatVector.broadcast(Species.FLOAT, xScales[xScalesOffset + block]);
            FloatVector s0 = (FloatVector) left.lanewise(LSHL, Short.SIZE).convertShape(I2F, Species.FLOAT, 0);
            o0 = s0.fma(FloatVector.fromArray(Species.FLOAT, wScales, w).mul(scale), o0);
            FloatVector s1 = (FloatVector) left.and(0xffff0000).convertShape(I2F, Species.FLOAT, 0);
            o1 = s1.fma(FloatVector.fromArray(Species.FLOAT, wScales, w + Species.COUNT).mul(scale), o1);
            FloatVector s2 = (FloatVector) right.lanewise(LSHL, Short.SIZE).convertShape(I2F, Species.FLOAT, 0);
            o2 = s2.fma(FloatVector.fromArray(Species.FLOAT, wScales, w + 2 * Species.COUNT).mul(scale), o2);
            FloatVector s3 = (FloatVector) right.and(0xffff0000).convertShape(I2F, Species.FLOAT, 0);
            o3 = s3.fma(FloatVector.fromArray(Species.FLOAT, wScales, w + 3 * Species.COUNT).mul(scale), o3);
        }
        o0.intoArray(out, outOffset);
        o1.intoArray(out, outOffset + Species.COUNT);
        o2.intoArray(out, outOffset + 2 * Species.COUNT);
        o3.intoArray(out, outOffset + 3 * Species.COUNT);
    }

    /** 12 tokens. */
    private static void sums12(int[] x, int xOffset, short[] w, int wOffset, short[] sums, int sumsOffset) {
        ShortVector s0l = ShortVector.zero(Species.SHORT);
        ShortVector s0r = ShortVector.zero(Species.SHORT);
        ShortVector s1l = ShortVector.zero(Species.SHORT);
        ShortVector s1r = ShortVector.zero(Species.SHORT);
        ShortVector s2l = ShortVector.zero(Species.SHORT);
        ShortVector s2r = ShortVector.zero(Species.SHORT);
        ShortVector s3l = ShortVector.zero(Species.SHORT);
        ShortVector s3r = ShortVector.zero(Species.SHORT);
        ShortVector s4l = ShortVector.zero(Species.SHORT);
        ShortVector s4r = ShortVector.zero(Species.SHORT);
        ShortVector s5l = ShortVector.zero(Species.SHORT);
        ShortVector s5r = ShortVector.zero(Species.SHORT);
        ShortVector s6l = ShortVector.zero(Species.SHORT);
        ShortVector s6r = ShortVector.zero(Species.SHORT);
        ShortVector s7l = ShortVector.zero(Species.SHORT);
        ShortVector s7r = ShortVector.zero(Species.SHORT);
        ShortVector s8l = ShortVector.zero(Species.SHORT);
        ShortVector s8r = ShortVector.zero(Species.SHORT);
        ShortVector s9l = ShortVector.zero(Species.SHORT);
        ShortVector s9r = ShortVector.zero(Species.SHORT);
        ShortVector s10l = ShortVector.zero(Species.SHORT);
        ShortVector s10r = ShortVector.zero(Species.SHORT);
        ShortVector s11l = ShortVector.zero(Species.SHORT);
        ShortVector s11r = ShortVector.zero(Species.SHORT);
        for (int k = 0; k < BLOCK; k++) {
            ShortVector left = ShortVector.fromArray(Species.SHORT, w, wOffset + k * PANEL);
            ShortVector right = ShortVector.fromArray(Species.SHORT, w, wOffset + k * PANEL + PANEL / 2);
            ShortVector x0 = (ShortVector) IntVector.broadcast(Species.INT, x[xOffset + k]).reinterpretShape(Species.SHORT, 0);
            s0l = s0l.add(left.mul(x0));
            s0r = s0r.add(right.mul(x0));
            ShortVector x1 = (ShortVector) IntVector.broadcast(Species.INT, x[xOffset + k + DEPTH]).reinterpretShape(Species.SHORT, 0);
            s1l = s1l.add(left.mul(x1));
            s1r = s1r.add(right.mul(x1));
            ShortVector x2 = (ShortVector) IntVector.broadcast(Species.INT, x[xOffset + k + 2 * DEPTH]).reinterpretShape(Species.SHORT, 0);
            s2l = s2l.add(left.mul(x2));
            s2r = s2r.add(right.mul(x2));
            ShortVector x3 = (ShortVector) IntVector.broadcast(Species.INT, x[xOffset + k + 3 * DEPTH]).reinterpretShape(Species.SHORT, 0);
            s3l = s3l.add(left.mul(x3));
            s3r = s3r.add(right.mul(x3));
            ShortVector x4 = (ShortVector) IntVector.broadcast(Species.INT, x[xOffset + k + 4 * DEPTH]).reinterpretShape(Species.SHORT, 0);
            s4l = s4l.add(left.mul(x4));
            s4r = s4r.add(right.mul(x4));
            ShortVector x5 = (ShortVector) IntVector.broadcast(Species.INT, x[xOffset + k + 5 * DEPTH]).reinterpretShape(Species.SHORT, 0);
            s5l = s5l.add(left.mul(x5));
            s5r = s5r.add(right.mul(x5));
            ShortVector x6 = (ShortVector) IntVector.broadcast(Species.INT, x[xOffset + k + 6 * DEPTH]).reinterpretShape(Species.SHORT, 0);
            s6l = s6l.add(left.mul(x6));
            s6r = s6r.add(right.mul(x6));
            ShortVector x7 = (ShortVector) IntVector.broadcast(Species.INT, x[xOffset + k + 7 * DEPTH]).reinterpretShape(Species.SHORT, 0);
            s7l = s7l.add(left.mul(x7));
            s7r = s7r.add(right.mul(x7));
            ShortVector x8 = (ShortVector) IntVector.broadcast(Species.INT, x[xOffset + k + 8 * DEPTH]).reinterpretShape(Species.SHORT, 0);
            s8l = s8l.add(left.mul(x8));
            s8r = s8r.add(right.mul(x8));
            ShortVector x9 = (ShortVector) IntVector.broadcast(Species.INT, x[xOffset + k + 9 * DEPTH]).reinterpretShape(Species.SHORT, 0);
            s9l = s9l.add(left.mul(x9));
            s9r = s9r.add(right.mul(x9));
            ShortVector x10 =
                    (ShortVector) IntVector.broadcast(Species.INT, x[xOffset + k + 10 * DEPTH]).reinterpretShape(Species.SHORT, 0);
            s10l = s10l.add(left.mul(x10));
            s10r = s10r.add(right.mul(x10));
            ShortVector x11 =
                    (ShortVector) IntVector.broadcast(Species.INT, x[xOffset + k + 11 * DEPTH]).reinterpretShape(Species.SHORT, 0);
            s11l = s11l.add(left.mul(x11));
            s11r = s11r.add(right.mul(x11));
        }
        s0l.intoArray(sums, sumsOffset);
        s0r.intoArray(sums, sumsOffset + PANEL / 2);
        s1l.intoArray(sums, sumsOffset + PANEL);
        s1r.intoArray(sums, sumsOffset + PANEL + PANEL / 2);
        s2l.intoArray(sums, sumsOffset + 2 * PANEL);
        s2r.intoArray(sums, sumsOffset + 2 * PANEL + PANEL / 2);
        s3l.intoArray(sums, sumsOffset + 3 * PANEL);
        s3r.intoArray(sums, sumsOffset + 3 * PANEL + PANEL / 2);
        s4l.intoArray(sums, sumsOffset + 4 * PANEL);
        s4r.intoArray(sums, sumsOffset + 4 * PANEL + PANEL / 2);
        s5l.intoArray(sums, sumsOffset + 5 * PANEL);
        s5r.intoArray(sums, sumsOffset + 5 * PANEL + PANEL / 2);
        s6l.intoArray(sums, sumsOffset + 6 * PANEL);
        s6r.intoArray(sums, sumsOffset + 6 * PANEL + PANEL / 2);
        s7l.intoArray(sums, sumsOffset + 7 * PANEL);
        s7r.intoArray(sums, sumsOffset + 7 * PANEL + PANEL / 2);
        s8l.intoArray(sums, sumsOffset + 8 * PANEL);
        s8r.intoArray(sums, sumsOffset + 8 * PANEL + PANEL / 2);
        s9l.intoArray(sums, sumsOffset + 9 * PANEL);
        s9r.intoArray(sums, sumsOffset + 9 * PANEL + PANEL / 2);
        s10l.intoArray(sums, sumsOffset + 10 * PANEL);
        s10r.intoArray(sums, sumsOffset + 10 * PANEL + PANEL / 2);
        s11l.intoArray(sums, sumsOffset + 11 * PANEL);
        s11r.intoArray(sums, sumsOffset + 11 * PANEL + PANEL / 2);
    }

    /** 6 tokens. */
    private static void sums6(int[] x, int xOffset, short[] w, int wOffset, short[] sums, int sumsOffset) {
        ShortVector s0l = ShortVector.zero(Species.SHORT);
        ShortVector s0r = ShortVector.zero(Species.SHORT);
        ShortVector s1l = ShortVector.zero(Species.SHORT);
        ShortVector s1r = ShortVector.zero(Species.SHORT);
        ShortVector s2l = ShortVector.zero(Species.SHORT);
        ShortVector s2r = ShortVector.zero(Species.SHORT);
        ShortVector s3l = ShortVector.zero(Species.SHORT);
        ShortVector s3r = ShortVector.zero(Species.SHORT);
        ShortVector s4l = ShortVector.zero(Species.SHORT);
        ShortVector s4r = ShortVector.zero(Species.SHORT);
        ShortVector s5l = ShortVector.zero(Species.SHORT);
        ShortVector s5r = ShortVector.zero(Species.SHORT);
        for (int k = 0; k < BLOCK; k++) {
            ShortVector left = ShortVector.fromArray(Species.SHORT, w, wOffset + k * PANEL);
            ShortVector right = ShortVector.fromArray(Species.SHORT, w, wOffset + k * PANEL + PANEL / 2);
            ShortVector x0 = (ShortVector) IntVector.broadcast(Species.INT, x[xOffset + k]).reinterpretShape(Species.SHORT, 0);
            s0l = s0l.add(left.mul(x0));
            s0r = s0r.add(right.mul(x0));
            ShortVector x1 = (ShortVector) IntVector.broadcast(Species.INT, x[xOffset + k + DEPTH]).reinterpretShape(Species.SHORT, 0);
            s1l = s1l.add(left.mul(x1));
            s1r = s1r.add(right.mul(x1));
            ShortVector x2 = (ShortVector) IntVector.broadcast(Species.INT, x[xOffset + k + 2 * DEPTH]).reinterpretShape(Species.SHORT, 0);
            s2l = s2l.add(left.mul(x2));
            s2r = s2r.add(right.mul(x2));
            ShortVector x3 = (ShortVector) IntVector.broadcast(Species.INT, x[xOffset + k + 3 * DEPTH]).reinterpretShape(Species.SHORT, 0);
            s3l = s3l.add(left.mul(x3));
            s3r = s3r.add(right.mul(x3));
            ShortVector x4 = (ShortVector) IntVector.broadcast(Species.INT, x[xOffset + k + 4 * DEPTH]).reinterpretShape(Species.SHORT, 0);
            s4l = s4l.add(left.mul(x4));
            s4r = s4r.add(right.mul(x4));
            ShortVector x5 = (ShortVector) IntVector.broadcast(Species.INT, x[xOffset + k + 5 * DEPTH]).reinterpretShape(Species.SHORT, 0);
            s5l = s5l.add(left.mul(x5));
            s5r = s5r.add(right.mul(x5));
        }
        s0l.intoArray(sums, sumsOffset);
        s0r.intoArray(sums, sumsOffset + PANEL / 2);
        s1l.intoArray(sums, sumsOffset + PANEL);
        s1r.intoArray(sums, sumsOffset + PANEL + PANEL / 2);
        s2l.intoArray(sums, sumsOffset + 2 * PANEL);
        s2r.intoArray(sums, sumsOffset + 2 * PANEL + PANEL / 2);
        s3l.intoArray(sums, sumsOffset + 3 * PANEL);
        s3r.intoArray(sums, sumsOffset + 3 * PANEL + PANEL / 2);
        s4l.intoArray(sums, sumsOffset + 4 * PANEL);
        s4r.intoArray(sums, sumsOffset + 4 * PANEL + PANEL / 2);
        s5l.intoArray(sums, sumsOffset + 5 * PANEL);
        s5r.intoArray(sums, sumsOffset + 5 * PANEL + PANEL / 2);
    }

    /** 4 tokens. */
    private static void sums4(int[] x, int xOffset, short[] w, int wOffset, short[] sums, int sumsOffset) {
        ShortVector s0l = ShortVector.zero(Species.SHORT);
        ShortVector s0r = ShortVector.zero(Species.SHORT);
        ShortVector s1l = ShortVector.zero(Species.SHORT);
        ShortVector s1r = ShortVector.zero(Species.SHORT);
        ShortVector s2l = ShortVector.zero(Species.SHORT);
        ShortVector s2r = ShortVector.zero(Species.SHORT);
        ShortVector s3l = ShortVector.zero(Species.SHORT);
        ShortVector s3r = ShortVector.zero(Species.SHORT);
        for (int k = 0; k < BLOCK; k++) {
            ShortVector left = ShortVector.fromArray(Species.SHORT, w, wOffset + k * PANEL);
            ShortVector right = ShortVector.fromArray(Species.SHORT, w, wOffset + k * PANEL + PANEL / 2);
            ShortVector x0 = (ShortVector) IntVector.broadcast(Species.INT, x[xOffset + k]).reinterpretShape(Species.SHORT, 0);
            s0l = s0l.add(left.mul(x0));
            s0r = s0r.add(right.mul(x0));
            ShortVector x1 = (ShortVector) IntVector.broadcast(Species.INT, x[xOffset + k + DEPTH]).reinterpretShape(Species.SHORT, 0);
            s1l = s1l.add(left.mul(x1));
            s1r = s1r.add(right.mul(x1));
            ShortVector x2 = (ShortVector) IntVector.broadcast(Species.INT, x[xOffset + k + 2 * DEPTH]).reinterpretShape(Species.SHORT, 0);
            s2l = s2l.add(left.mul(x2));
            s2r = s2r.add(right.mul(x2));
            ShortVector x3 = (ShortVector) IntVector.broadcast(Species.INT, x[xOffset + k + 3 * DEPTH]).reinterpretShape(Species.SHORT, 0);
            s3l = s3l.add(left.mul(x3));
            s3r = s3r.add(right.mul(x3));
        }
        s0l.intoArray(sums, sumsOffset);
        s0r.intoArray(sums, sumsOffset + PANEL / 2);
        s1l.intoArray(sums, sumsOffset + PANEL);
        s1r.intoArray(sums, sumsOffset + PANEL + PANEL / 2);
        s2l.intoArray(sums, sumsOffset + 2 * PANEL);
        s2r.intoArray(sums, sumsOffset + 2 * PANEL + PANEL / 2);
        s3l.intoArray(sums, sumsOffset + 3 * PANEL);
        s3r.intoArray(sums, sumsOffset + 3 * PANEL + PANEL / 2);
    }

    /** 2 tokens. */
    private static void sums2(int[] x, int xOffset, short[] w, int wOffset, short[] sums, int sumsOffset) {
        ShortVector s0l = ShortVector.zero(Species.SHORT);
        ShortVector s0r = ShortVector.zero(Species.SHORT);
        ShortVector s1l = ShortVector.zero(Species.SHORT);
        ShortVector s1r = ShortVector.zero(Species.SHORT);
        for (int k = 0; k < BLOCK; k++) {
            ShortVector left = ShortVector.fromArray(Species.SHORT, w, wOffset + k * PANEL);
            ShortVector right = ShortVector.fromArray(Species.SHORT, w, wOffset + k * PANEL + PANEL / 2);
            ShortVector x0 = (ShortVector) IntVector.broadcast(Species.INT, x[xOffset + k]).reinterpretShape(Species.SHORT, 0);
            s0l = s0l.add(left.mul(x0));
            s0r = s0r.add(right.mul(x0));
            ShortVector x1 = (ShortVector) IntVector.broadcast(Species.INT, x[xOffset + k + DEPTH]).reinterpretShape(Species.SHORT, 0);
            s1l = s1l.add(left.mul(x1));
            s1r = s1r.add(right.mul(x1));
        }
        s0l.intoArray(sums, sumsOffset);
        s0r.intoArray(sums, sumsOffset + PANEL / 2);
        s1l.intoArray(sums, sumsOffset + PANEL);
        s1r.intoArray(sums, sumsOffset + PANEL + PANEL / 2);
    }

    /** 1 token. */
    private static void sums1(int[] x, int xOffset, short[] w, int wOffset, short[] sums, int sumsOffset) {
        ShortVector s0l = ShortVector.zero(Species.SHORT);
        ShortVector s0r = ShortVector.zero(Species.SHORT);
        for (int k = 0; k < BLOCK; k++) {
            ShortVector left = ShortVector.fromArray(Species.SHORT, w, wOffset + k * PANEL);
            ShortVector right = ShortVector.fromArray(Species.SHORT, w, wOffset + k * PANEL + PANEL / 2);
            ShortVector x0 = (ShortVector) IntVector.broadcast(Species.INT, x[xOffset + k]).reinterpretShape(Species.SHORT, 0);
            s0l = s0l.add(left.mul(x0));
            s0r = s0r.add(right.mul(x0));
        }
        s0l.intoArray(sums, sumsOffset);
        s0r.intoArray(sums, sumsOffset + PANEL / 2);
    }
}
