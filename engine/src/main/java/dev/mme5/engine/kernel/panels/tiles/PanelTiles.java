package dev.mme5.engine.kernel.panels.tiles;

import dev.mme5.engine.kernel.gemm.PackingLimits;
import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.QuantizationScheme;

/**
 * Sizes of the register tiles. A tile multiplies some columns of a part of a panel, two vectors wide, with some tokens: for each column
 * and token it broadcasts one value of x and adds its product with both vectors of weights. Lanes are output rows, so the weights are
 * read in one stream and no lane is unused for any number of tokens, and every output is one chain of fused multiply-adds over the columns.
 *
 * <p>{@code Bf16Tiles}, {@code ArrayTiles} and {@code Int8Tiles} have a method for each number of tokens, all of one vector width. The
 * same in {@code panels.near}, and {@code NearF32Tiles}, do not read ahead, which takes about a tenth to a sixth of the instructions;
 * {@code ChunkTiles} read tokens as they lie and add a bias, {@code AheadChunkTiles} read ahead too, and {@code ColumnTiles} are four
 * vectors wide; those of 8 bits read nothing ahead and have parameters of their own. The parameters of the others:
 *
 * <table>
 * <tr><td>w, wOffset</td><td>the first column of the part of a panel</td></tr>
 * <tr><td>depth</td><td>number of columns</td></tr>
 * <tr><td>x, xOffset</td><td>[depth, tokens]; of {@code ChunkTiles} [tokens, CHUNK_DEPTH]</td></tr>
 * <tr><td>in, inOffset, inStride</td><td>the sums before, [tokens, HALF + vector]; with stride 0 the same for all tokens</td></tr>
 * <tr><td>bias, biasOffset</td><td>of {@code ChunkTiles}: what is added to the sums at the end; -0 adds nothing</td></tr>
 * <tr><td>out, outOffset, outStride</td><td>the sums after, in the same way; may be in</td></tr>
 * <tr><td>scales, scalesOffset</td><td>of {@code Int8Tiles}: [groups, 2 * HALF]; the first column begins a group</td></tr>
 * <tr><td>ahead, order</td><td>column k also reads what is at ahead + order[k]</td></tr>
 * <tr><td>ahead, step</td><td>of {@code StepBf16Tiles}: column k also reads the integer at ahead + k * step, with up to 5 tokens one
 * of two columns; of {@code AheadChunkTiles}: columns 2 i and 2 i + 1 read what is at ahead + i * step</td></tr>
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

    /** Distance between the tokens of {@code ChunkTiles}, and so their largest depth. A constant: one register addresses all tokens. */
    public static final int CHUNK_DEPTH = PackingLimits.BLOCK_COLUMNS;

    /** Columns that {@code ChunkTiles} take at a time; the number of columns is a multiple of it. */
    public static final int CHUNK_COLUMNS = 2;

    /** Places from which most tiles read ahead in turns; a single group of bfloat16 reads from more. */
    public static final int STREAMS = 4;

    /**
     * Whether {@code ColumnTiles} multiply up to {@link #MAX_COLUMN_TOKENS}: four vectors are a column, which other tiles take in two
     * passes, and 16 registers hold the sums.
     */
    public static final boolean WHOLE_COLUMNS = Species.FEW_REGISTERS && 4 * Species.COUNT == PanelTensor.ROWS;

    /** Tokens of the largest tile of whole columns. */
    public static final int MAX_COLUMN_TOKENS = 2;

    /**
     * Fewest tokens of a tile of bfloat16 that reads ahead in steps ({@code StepBf16Tiles}): where there are 16 registers, one that takes
     * places from a table is slower, and from 5 tokens on moves sums to and from the stack.
     */
    public static final int MIN_STEP_TOKENS = Species.FEW_REGISTERS ? 3 : Integer.MAX_VALUE;

    /** Columns that share scales of 8-bit weights. */
    public static final int GROUP = QuantizationScheme.INT8.group();

    private PanelTiles() {}
}
