package dev.mme5.engine.kernel.panels.tiles;

import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.PanelTensor;

/**
 * Sizes of the register tiles. A tile multiplies some columns of a part of a panel, two vectors wide, with some tokens: for each column
 * and token it broadcasts one value of x and adds its product with both vectors of weights. Lanes are output rows, so the weights are
 * read in one stream and no lane is unused for any number of tokens, and every output is one chain of fused multiply-adds over the columns.
 *
 * <p>{@code Bf16Tiles}, {@code F32Tiles}, {@code ArrayTiles}, {@code NearTiles} and {@code Int8Tiles} have a method for each number of
 * tokens, all of one vector width. Their parameters:
 *
 * <table>
 * <tr><td>w, wOffset</td><td>the first column of the part of a panel</td></tr>
 * <tr><td>depth</td><td>number of columns</td></tr>
 * <tr><td>x, xOffset</td><td>[depth, tokens]; of {@code NearTiles} [tokens, NEAR_DEPTH]</td></tr>
 * <tr><td>in, inOffset, inStride</td><td>the sums before, [tokens, HALF + vector]; with stride 0 the same for all tokens</td></tr>
 * <tr><td>bias, biasOffset</td><td>of {@code NearTiles}: what is added to the sums at the end; -0 adds nothing</td></tr>
 * <tr><td>out, outOffset, outStride</td><td>the sums after, in the same way; may be in</td></tr>
 * <tr><td>ahead, order</td><td>of {@code Bf16Tiles} and {@code Int8Tiles}: column k also reads what is at ahead + order[k]</td></tr>
 * <tr><td>ahead, stream, step</td><td>of {@code ArrayTiles}: column k also reads what is at ahead + (k mod STREAMS) * stream +
 * (k / STREAMS) * step</td></tr>
 * </table>
 *
 * <p>Why they read ahead: a column takes up to 13 cycles, and a load that waits for memory stops a processor after some hundred
 * instructions, which are few columns. Its prefetcher helps, but only within a page and only some lines ahead. So a tile touches
 * what the thread needs next, in several pages at once: then several prefetchers run, and the weights wait in the second-level cache.
 * The sum of what it read, which it returns, means nothing, but without a use the compiler would drop the loads.
 */
public final class PanelTiles {
    /** Distance between the output rows of the two vectors. */
    public static final int HALF = PanelTensor.ROWS / 2;

    /** Tokens of the largest tile: as many as leave all sums in registers. */
    public static final int MAX_TOKENS = Species.COUNT >= 16 ? 12 : 6;

    /** Distance between the tokens of {@code NearTiles}, and so their largest depth. A constant: one register addresses all tokens. */
    public static final int NEAR_DEPTH = 192;

    /** log2 of STREAMS. */
    public static final int STREAMS_SHIFT = 2;

    /** Places from which a tile reads ahead in turns. */
    public static final int STREAMS = 1 << STREAMS_SHIFT;

    private PanelTiles() {}
}
