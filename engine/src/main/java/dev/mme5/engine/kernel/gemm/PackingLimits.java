package dev.mme5.engine.kernel.gemm;

/**
 * Sizes of activations copied for matrix products, in tokens, floats and bytes. Memory estimates and the buffer that all threads share use
 * the same arithmetic: it has {@link #floats}, which {@link #retainedBytes} counts. What each thread packs for itself, a few tokens in some
 * 100 KB, is not counted. Loads no Vector API class.
 */
public final class PackingLimits {
    /** Most tokens that are copied at a time. */
    public static final int MAX_TOKENS = 768;

    /** Most floats, unless the fewest tokens alone have more. */
    private static final int MAX_FLOATS = 4 << 20;

    /** Columns in a block of {@code TokenBlocks}; the last block is stored whole. */
    public static final int BLOCK_COLUMNS = 192;

    /** Tokens are counted in steps of these, and as many are always copied at a time. */
    private static final int STEP = 32;

    private PackingLimits() {}

    /** Most tokens of {@code cols} values to copy at a time. */
    public static int maxTokens(int cols) {
        return Math.clamp(MAX_FLOATS / Math.max(1, blocks(cols)) / STEP * STEP, STEP, MAX_TOKENS);
    }

    /**
     * Floats of the buffer for these tokens, when no more than {@link #maxTokens} are copied at a time. Grows with both arguments, so the
     * largest matmul determines what is retained.
     */
    public static long floats(long tokens, int cols) {
        long counted = Math.min(Math.ceilDiv(tokens, STEP) * STEP, MAX_TOKENS);
        return Math.min(counted * blocks(cols), Math.max(MAX_FLOATS, STEP * blocks(cols)));
    }

    /**
     * Bytes of activations that are retained for the next matmul.
     *
     * @param tokens most tokens of any matmul
     * @param cols most values of one token in any matmul
     */
    public static long retainedBytes(long tokens, int cols) {
        return Float.BYTES * floats(tokens, cols);
    }

    /** Floats of a token: many tokens lie in whole blocks, and few take no more. */
    static long blocks(int cols) {
        return Math.ceilDiv(cols, BLOCK_COLUMNS) * (long) BLOCK_COLUMNS;
    }
}
