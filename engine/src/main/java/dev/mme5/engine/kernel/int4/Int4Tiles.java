package dev.mme5.engine.kernel.int4;

import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;

import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.PanelTensor;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

/**
 * The register tiles of 4-bit weights in panels. A tile sums blocks of 32 columns of a part of a panel, one vector of 16-bit integers wide,
 * for some tokens. Weights are not unpacked to memory first.
 *
 * <p>An integer of the file holds the weights plus 8 of four columns, so an AND and a shift or two make four columns from one load. What is
 * too much is subtracted once for each block and token: sums begin with the zero that {@link PackedCodes} stores before each block. They
 * may overflow on the way, but end within 16 bits, so they are those of {@link Int4MicroKernel}.
 *
 * <p>{@code Int4Tiles1To5} and its neighbours have a method for each number of tokens. Their parameters:
 *
 * <table>
 * <tr><td>w, wOffset</td><td>the first four columns of the part of a panel</td></tr>
 * <tr><td>length</td><td>of all columns, in bytes of the panel</td></tr>
 * <tr><td>x, xOffset</td><td>[blocks, 33, tokens] ({@link PackedCodes})</td></tr>
 * <tr><td>sums, sumsOffset</td><td>receives [blocks, tokens, LANES]</td></tr>
 * <tr><td>ahead</td><td>each load also reads one byte ahead, as {@code PanelTiles} explains, these as far apart as the loads; one token
 * does not</td></tr>
 * </table>
 */
final class Int4Tiles {
    /** Distance between the output rows of the two vectors. */
    static final int HALF = PanelTensor.ROWS / 2;

    /** Sums of a token in a tile: row i in lane 2 i and row HALF + i in the next one. */
    static final int LANES = 2 * Species.COUNT;

    /** Tokens of the largest tile. */
    static final int MAX_TOKENS = Species.COUNT >= 16 ? 11 : 6;

    /** Bytes of four columns of a panel. */
    static final int STEP = PanelTensor.ROWS * Short.BYTES;

    /** Bytes of a block of a panel: eight cache lines. */
    static final int BLOCK_BYTES = STEP * ActivationQuantizer.BLOCK / PanelTensor.INT4_COLUMNS;

    /** The weights of a column, in two output rows. */
    static final int MASK = 0x000f000f;

    private Int4Tiles() {}

    /** Runs the tile for that many tokens and returns the sum of the bytes that it read ahead, which means nothing. */
    static int multiply(
            int tokens, int[] x, int xOffset, MemorySegment w, long wOffset, int length, short[] sums, int sumsOffset, long ahead) {
        if (tokens <= 5) return Int4Tiles1To5.multiply(tokens, x, xOffset, w, wOffset, length, sums, sumsOffset, ahead);
        return tokens <= 8
                ? Int4Tiles6To8.multiply(tokens, x, xOffset, w, wOffset, length, sums, sumsOffset, ahead)
                : Int4Tiles9To11.multiply(tokens, x, xOffset, w, wOffset, length, sums, sumsOffset, ahead);
    }

    /**
     * out = fma(sum, weight scale * activation scale, out) for one token, block by block.
     *
     * @param sums [LANES]; blocks are sumsStride apart
     * @param wScales [blocks, 32], times {@link Int4MicroKernel#SCALING}
     * @param out two vectors, HALF apart
     */
    static void addScaled(
            int blocks, short[] sums, int sumsOffset, int sumsStride, float[] wScales, int wScalesOffset, float[] xScales,
            int xScalesOffset, float[] out, int outOffset) {
        FloatVector a = FloatVector.fromArray(Species.FLOAT, out, outOffset);
        FloatVector b = FloatVector.fromArray(Species.FLOAT, out, outOffset + HALF);
        int s = sumsOffset;
        for (int block = 0; block < blocks; block++) {
            IntVector both = ShortVector.fromArray(Species.SHORT, sums, s).reinterpretAsInts();
            int w = wScalesOffset + block * PanelTensor.ROWS;
            FloatVector scale = FloatVector.broadcast(Species.FLOAT, xScales[xScalesOffset + block]);
            FloatVector lower = (FloatVector) both.lanewise(LSHL, Short.SIZE).convert(I2F, 0);
            a = lower.fma(FloatVector.fromArray(Species.FLOAT, wScales, w).mul(scale), a);
            FloatVector upper = (FloatVector) both.and(0xffff0000).convert(I2F, 0);
            b = upper.fma(FloatVector.fromArray(Species.FLOAT, wScales, w + HALF).mul(scale), b);
            s += sumsStride;
        }
        a.intoArray(out, outOffset);
        b.intoArray(out, outOffset + HALF);
    }
}
