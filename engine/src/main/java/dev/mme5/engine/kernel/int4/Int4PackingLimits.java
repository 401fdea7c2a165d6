package dev.mme5.engine.kernel.int4;

import dev.mme5.engine.kernel.api.CanonicalOrder;

/**
 * Sizes of 8-bit activation buffers, in tokens, blocks and bytes. {@link #retainedBytes}, which memory estimates
 * count, is an upper bound of what {@link QuantizedActivations} allocates at any vector width. Loads no Vector API class.
 */
public final class Int4PackingLimits {
    private static final int BLOCK = CanonicalOrder.ACTIVATION_BLOCK;

    /** Ints of one block of codes: two 16-bit codes each. */
    static final int BLOCK_INTS = BLOCK / 2;

    /** Most activations that are encoded at a time, unless one tile alone has more: bounds the memory of a long text. */
    private static final int MAX_VALUES = 4 << 20;

    private static final int MAX_TOKENS = 516;

    /** Tokens in the largest register tile. Counted at every vector width, so that an estimate needs no vector. */
    private static final int MAX_TILE = 12;

    private Int4PackingLimits() {}

    /**
     * Most tokens to encode at a time, a multiple of the tile.
     *
     * @param cols values of one token
     * @param tile tokens of the largest register tile
     */
    static int maxTokens(int cols, int tile) {
        return Math.clamp(MAX_VALUES / Math.max(BLOCK, blocks(cols) * BLOCK) / tile * tile, tile, MAX_TOKENS / tile * tile);
    }

    /** Blocks of one token, the last of which may be padded with zeros. */
    static long blocks(int cols) {
        return Math.ceilDiv((long) cols, BLOCK);
    }

    /**
     * Blocks of the buffers for these tokens, when no more than {@link #maxTokens} are encoded at a time. Grows with both arguments,
     * so the largest matmul determines what is retained.
     */
    static long blocks(long tokens, int cols) {
        return Math.min(Math.min(tokens, MAX_TOKENS) * blocks(cols), Math.max(MAX_VALUES / BLOCK, MAX_TILE * blocks(cols)));
    }

    /**
     * Bytes of codes, scales and zeros that are retained for the next matmul. Codes are counted with the slots that groups of tokens may
     * leave empty at any vector width.
     *
     * @param tokens most tokens of any matmul
     * @param cols most values of one token in any matmul
     */
    public static long retainedBytes(long tokens, int cols) {
        return blocks(tokens + MAX_TILE - 1, cols) * BLOCK_INTS * Integer.BYTES + blocks(tokens, cols) * 2 * Float.BYTES;
    }
}
