package dev.mme5.engine.kernel.int4;

import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.PanelTensor;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * The register tiles of 4-bit weights in panels. A tile sums one block of 32 columns of a part of a panel, two vectors wide, for some
 * tokens. It computes in floats, which are faster than 16-bit integers where tokens are few: weights are not unpacked to memory first.
 * Every sum is a multiple of 2^16 below 2^40, so it is exact in any order, and has the bits that integers give.
 *
 * <p>A weight becomes a float without a conversion: its four bits, shifted to bits 12 to 15 under the exponent of 2048, or 16 to 19 under
 * that of 128, are the fraction of 2048 + c or 128 + c, with c the weight plus 8. One shift serves two columns, and the next two are
 * shifted alike, because they are read from the next byte on. What is too much is subtracted once for each block and token: sums begin
 * with the {@link QuantizedActivations#zeros zero}. Their absolute values stay below 2^40.
 *
 * <p>{@code Int4Tiles1To6} and {@code Int4Tiles7To8} have a method for each number of tokens. Their parameters:
 *
 * <table>
 * <tr><td>w, wOffset</td><td>the first four columns of the part of a panel; one byte after the last vector is read too</td></tr>
 * <tr><td>pairs</td><td>number of two columns, at most 16</td></tr>
 * <tr><td>x, xOffset</td><td>[32, tokens], codes times 2^16</td></tr>
 * <tr><td>zeros, first, stride</td><td>the zero of each token</td></tr>
 * <tr><td>sums</td><td>receives [tokens, 2 vectors]</td></tr>
 * <tr><td>ahead, step</td><td>pair k also reads one byte at ahead + k * step, as {@code PanelTiles} explains</td></tr>
 * </table>
 */
final class Int4Tiles {
    /** Distance between the output rows of the two vectors. */
    static final int HALF = PanelTensor.ROWS / 2;

    /** Tokens of the largest tile: as many as leave all sums, and the values of two columns, in registers. */
    static final int MAX_TOKENS = Species.COUNT >= 16 ? 8 : 4;

    /** What a tile adds to the weights of even columns. */
    static final int EVEN_BIAS = 2048 + 8;

    /** What a tile adds to the weights of odd columns. */
    static final int ODD_BIAS = 128 + 8;

    private Int4Tiles() {}

    /** Runs the tile for that many tokens and returns the sum of the bytes that it read ahead, which means nothing. */
    static int multiply(
            int tokens, MemorySegment w, long wOffset, int pairs, float[] x, int xOffset, float[] zeros, int first, int stride,
            float[] sums,
            long ahead, int step) {
        return tokens <= 6
                ? Int4Tiles1To6.multiply(tokens, w, wOffset, pairs, x, xOffset, zeros, first, stride, sums, ahead, step)
                : Int4Tiles7To8.multiply(tokens, w, wOffset, pairs, x, xOffset, zeros, first, stride, sums, ahead, step);
    }

    /**
     * out = out + sums * scales, token by token.
     *
     * @param sums [tokens, 2 vectors]
     * @param wScales [32]
     * @param xScales one scale for each token; they are xStride apart
     * @param out [tokens, 32]
     */
    static void addScaled(
            int tokens, float[] sums, float[] wScales, int wScalesOffset, float[] xScales, int xOffset, int xStride, float[] out,
            int outOffset) {
        FloatVector a = FloatVector.fromArray(Species.FLOAT, wScales, wScalesOffset);
        FloatVector b = FloatVector.fromArray(Species.FLOAT, wScales, wScalesOffset + HALF);
        for (int i = 0; i < tokens; i++) {
            FloatVector scale = FloatVector.broadcast(Species.FLOAT, xScales[xOffset + i * xStride]);
            int sum = 2 * i * Species.COUNT;
            int lower = outOffset + i * PanelTensor.ROWS;
            int upper = lower + HALF;
            FloatVector.fromArray(Species.FLOAT, sums, sum).fma(a.mul(scale), FloatVector.fromArray(Species.FLOAT, out, lower))
                    .intoArray(out, lower);
            FloatVector.fromArray(Species.FLOAT, sums, sum + Species.COUNT)
                    .fma(b.mul(scale), FloatVector.fromArray(Species.FLOAT, out, upper)).intoArray(out, upper);
        }
    }
}
