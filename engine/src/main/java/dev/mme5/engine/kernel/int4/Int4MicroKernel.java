package dev.mme5.engine.kernel.int4;

import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;

import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.PanelTensor;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

/**
 * The micro-kernel of INT4 weights with 8-bit activations, one activation block of 32 at a time. Integer sums are exact in 16 bits
 * (32 * 8 * 127 = 32,512); each is then added to its output by one fused multiply-add with its scale. Weights are not taken apart
 * ({@link ActivationQuantizer}). A factor is stored in both halves of an int, so that its broadcast is a plain load.
 *
 * <p>Adjacent 16-bit lanes are different output rows. Lanes 2i and 2i + 1 of the first vector of a panel are the rows i and ODD + i, those
 * of the second vector SECOND + i and SECOND + ODD + i: with 8 or 16 floats in a vector the order of the file's panels.
 */
final class Int4MicroKernel {
    /** The largest depth that one packing covers. */
    static final int DEPTH = 256;

    /** Output rows in a panel: two vectors of 16-bit integers. */
    static final int PANEL = 4 * Species.COUNT;

    /** From the row of an even lane to that of the next one. */
    static final int ODD = 2 * Species.COUNT == PanelTensor.ROWS / 2 ? 2 * Species.COUNT : Species.COUNT;

    /** The first row of the second vector. */
    static final int SECOND = ODD == Species.COUNT ? 2 * Species.COUNT : Species.COUNT;

    /** Tokens in the largest register tile, and columns' distance in x. With 16 registers a tile of 6 moves sums to and from the stack. */
    static final int TOKENS = Species.COUNT >= 16 ? 12 : Species.FEW_REGISTERS ? 5 : 6;

    /** Blocks that one packing covers. */
    static final int DEPTH_BLOCKS = DEPTH / ActivationQuantizer.BLOCK;

    /** A factor of all scales, because sums are converted to float from the upper half of an int. */
    static final float SCALING = 0x1p-16f;

    private static final int BLOCK = ActivationQuantizer.BLOCK;

    private Int4MicroKernel() {}

    /**
     * out = out + x · panel for some blocks, in order.
     *
     * @param tokens at most TOKENS
     * @param x factors of each block, [BLOCK, TOKENS], each in both halves of an int
     * @param zeros what the sums of each block begin with, in the same way
     * @param xScales one scale for each block; tokens are xScalesStride apart
     * @param w a panel, [32 blocks, PANEL]
     * @param wScales of the same panel, [blocks, PANEL], times {@link #SCALING}
     * @param sums a buffer for [blocks, tokens, PANEL]
     * @param out [tokens, PANEL]; tokens are outStride apart
     */
    static void multiply(
            int tokens, int blocks, int[][] x, int[][] zeros, float[] xScales, int xScalesOffset, int xScalesStride, short[] w, int wOffset,
            float[] wScales, int wScalesOffset, short[] sums, float[] out, int outOffset, int outStride) {
        for (int block = 0; block < blocks; block++) {
            int panel = wOffset + block * BLOCK * PANEL;
            int sumsOffset = block * tokens * PANEL;
            if (tokens <= 8) Int4SumTiles1To8.multiply(tokens, x[block], zeros[block], w, panel, sums, sumsOffset);
            else Int4SumTiles9To12.multiply(tokens, x[block], zeros[block], w, panel, sums, sumsOffset);
        }
        for (int token = 0; token < tokens; token++) {
            addScaled(blocks, sums, token * PANEL, tokens * PANEL, wScales, wScalesOffset, xScales, xScalesOffset + token * xScalesStride,
                    out, outOffset + token * outStride);
        }
    }

    /**
     * For one token, block by block: out = fma(sum, weight scale * activation scale, out). The accumulators stay in registers over all
     * blocks. One token only: with two, C2 finds the method too large and no longer keeps its vectors in registers.
     *
     * @param sums of blocks that are sumsStride apart
     * @param wScales [blocks, PANEL], times {@link #SCALING}
     * @param out [PANEL]
     */
    static void addScaled(
            int blocks, short[] sums, int sumsOffset, int sumsStride, float[] wScales, int wOffset, float[] xScales, int xOffset,
            float[] out, int outOffset) {
        FloatVector o0 = FloatVector.fromArray(Species.FLOAT, out, outOffset);
        FloatVector o1 = FloatVector.fromArray(Species.FLOAT, out, outOffset + ODD);
        FloatVector o2 = FloatVector.fromArray(Species.FLOAT, out, outOffset + SECOND);
        FloatVector o3 = FloatVector.fromArray(Species.FLOAT, out, outOffset + SECOND + ODD);
        for (int block = 0; block < blocks; block++) {
            int sum = sumsOffset + block * sumsStride;
            int w = wOffset + block * PANEL;
            IntVector left = (IntVector) ShortVector.fromArray(Species.SHORT, sums, sum).reinterpretShape(Species.INT, 0);
            IntVector right = (IntVector) ShortVector.fromArray(Species.SHORT, sums, sum + PANEL / 2).reinterpretShape(Species.INT, 0);
            FloatVector scale = FloatVector.broadcast(Species.FLOAT, xScales[xOffset + block]);
            FloatVector s0 = (FloatVector) left.lanewise(LSHL, Short.SIZE).convertShape(I2F, Species.FLOAT, 0);
            o0 = s0.fma(FloatVector.fromArray(Species.FLOAT, wScales, w).mul(scale), o0);
            FloatVector s1 = (FloatVector) left.and(0xffff0000).convertShape(I2F, Species.FLOAT, 0);
            o1 = s1.fma(FloatVector.fromArray(Species.FLOAT, wScales, w + ODD).mul(scale), o1);
            FloatVector s2 = (FloatVector) right.lanewise(LSHL, Short.SIZE).convertShape(I2F, Species.FLOAT, 0);
            o2 = s2.fma(FloatVector.fromArray(Species.FLOAT, wScales, w + SECOND).mul(scale), o2);
            FloatVector s3 = (FloatVector) right.and(0xffff0000).convertShape(I2F, Species.FLOAT, 0);
            o3 = s3.fma(FloatVector.fromArray(Species.FLOAT, wScales, w + SECOND + ODD).mul(scale), o3);
        }
        o0.intoArray(out, outOffset);
        o1.intoArray(out, outOffset + ODD);
        o2.intoArray(out, outOffset + SECOND);
        o3.intoArray(out, outOffset + SECOND + ODD);
    }
}
