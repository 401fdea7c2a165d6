package dev.mme5.engine.kernel.gemm;

/**
 * Sizes of the chunks of tokens that {@code ChunkMatmul} multiplies, and of what it retains for them. Memory estimates and the chunks use
 * the same arithmetic, but with 16 registers chunks are smaller. Loads no Vector API class: for numbers that depend on the width of
 * vectors it has the largest.
 */
public final class ChunkLimits {
    /** Most tokens in a task: as many sums of a panel wait for the next columns. */
    private static final int MAX_CHUNK_TOKENS = 256;

    /** Columns between the products of an MLP that a task computes at a time. */
    public static final int MLP_COLUMNS = 384;

    /** Most floats of activations in a task, 1.25 MB, unless the fewest tokens alone have more. */
    private static final int MAX_CHUNK_FLOATS = 5 << 16;

    /** Tokens of the largest register tile. */
    private static final int TILE_TOKENS = 12;

    /** Rows of a panel. */
    private static final int ROWS = 32;

    private ChunkLimits() {}

    /** Most tokens in a task, with {@code cols} activations of one token. */
    public static int maxTokens(int cols) {
        return Math.clamp(MAX_CHUNK_FLOATS / Math.max(1, cols), TILE_TOKENS, MAX_CHUNK_TOKENS);
    }

    /** Most tokens in a task of an MLP. */
    public static int maxMlpTokens(int cols, int outCols) {
        return maxTokens(cols + MLP_COLUMNS + outCols);
    }

    /**
     * Floats that one thread retains for the layers of an encoder: activations before and in an MLP, and sums. Chunks take an even number
     * of columns, so with an odd {@code hidden} the second product of an MLP is one of its own.
     */
    public static long retainedFloats(int hidden, int mlpHidden) {
        int mlpTokens = maxMlpTokens(hidden, hidden);
        int tokens = maxTokens(hidden);
        long in = tokens * PackingLimits.blocks(hidden);
        if (hidden % 2 != 0) {
            in = Math.max(in, maxTokens(mlpHidden) * PackingLimits.blocks(mlpHidden));
            tokens = Math.max(tokens, maxTokens(mlpHidden));
        }
        long between = mlpTokens * PackingLimits.blocks(Math.min(mlpHidden, MLP_COLUMNS));
        long sums = Math.max(mlpTokens * (long) Math.ceilDiv(hidden, ROWS), tokens) * ROWS;
        return in + between + sums;
    }
}
