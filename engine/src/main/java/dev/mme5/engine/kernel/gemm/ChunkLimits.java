package dev.mme5.engine.kernel.gemm;

/**
 * Sizes of the chunks of tokens that {@code ChunkMatmul} multiplies, and of what it retains for them. Memory estimates and the chunks use
 * the same arithmetic. Loads no Vector API class: for numbers that depend on the width of vectors it has the largest.
 */
public final class ChunkLimits {
    /** Most tokens in a task: as many sums of a panel wait for the next columns. */
    public static final int MAX_CHUNK_TOKENS = 256;

    /** Most floats of activations in a task, 1 MB, unless the fewest tokens alone have more. */
    private static final int MAX_CHUNK_FLOATS = 1 << 18;

    /** Tokens of the largest register tile. */
    private static final int TILE_TOKENS = 12;

    /** Floats in the widest vector. */
    private static final int LANES = 16;

    /** Rows of a panel. */
    private static final int ROWS = 32;

    private ChunkLimits() {}

    /** Most tokens in a task, with so many activations of one token. */
    public static int maxTokens(int cols) {
        return Math.clamp(MAX_CHUNK_FLOATS / Math.max(1, cols), TILE_TOKENS, MAX_CHUNK_TOKENS);
    }

    /** Floats that one thread retains for the layers of an encoder: turned activations before and in an MLP, sums and a block. */
    public static long retainedFloats(int hidden, int mlpHidden) {
        long in = turned(maxTokens(hidden), hidden);
        long between = turned(maxTokens(hidden + mlpHidden), mlpHidden);
        return in + between + (MAX_CHUNK_TOKENS + LANES) * ROWS + 2 * LANES * LANES;
    }

    /** Floats of turned tokens: one vector more for each group. */
    private static long turned(int tokens, int cols) {
        return (long) tokens * cols + Math.ceilDiv(tokens, TILE_TOKENS) * LANES;
    }
}
