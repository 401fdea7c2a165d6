package dev.mme5.engine.kernel.gemm;

/**
 * Sizes of packed activations, in tokens, floats and bytes. Memory estimates and the buffer itself use the same arithmetic:
 * {@code TurnedTokens} allocates {@link #floats}, and {@link #retainedBytes} counts it. Loads no Vector API class.
 */
public final class PackingLimits {
    /** Most tokens that are packed at a time; a task has a sum for each of them and each row of a panel. */
    public static final int MAX_TOKENS = 768;

    /** Most packed floats, unless one panel alone is larger. */
    private static final int MAX_FLOATS = 4 << 20;

    /** Tokens in a panel of the widest vectors. Counted at every vector width, so that an estimate needs no vector. */
    private static final int MAX_PANEL = 32;

    private PackingLimits() {}

    /**
     * Most tokens to pack at a time, a multiple of the panel.
     *
     * @param cols values of one token
     * @param panel tokens of one panel, at most 32
     */
    public static int maxTokens(int cols, int panel) {
        return Math.clamp(MAX_FLOATS / Math.max(1, cols) / panel * panel, panel, MAX_TOKENS);
    }

    /**
     * Floats of the buffer for these tokens: at least what panels of any width take, when no more than {@link #maxTokens} are packed at
     * a time. Grows with both arguments, so the largest matmul determines what is retained.
     */
    public static long floats(long tokens, int cols) {
        long wholePanels = Math.min(Math.ceilDiv(tokens, MAX_PANEL) * MAX_PANEL, MAX_TOKENS);
        return Math.min(wholePanels * cols, Math.max(MAX_FLOATS, MAX_PANEL * (long) cols));
    }

    /**
     * Bytes of packed activations that are retained for the next matmul.
     *
     * @param tokens most tokens of any matmul
     * @param cols most values of one token in any matmul
     */
    public static long retainedBytes(long tokens, int cols) {
        return Float.BYTES * floats(tokens, cols);
    }
}
