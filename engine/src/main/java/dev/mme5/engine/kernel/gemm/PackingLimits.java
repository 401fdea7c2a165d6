package dev.mme5.engine.kernel.gemm;

/** How many tokens a product holds turned at a time, and what memory that takes: known without any vector. */
public final class PackingLimits {
    /** As many as a task has room for sums. */
    public static final int MOST = 768;

    /** Bounds the memory that a product takes. */
    private static final int MOST_FLOATS = 4 << 20;

    /** Tokens of a panel of the widest vectors. */
    private static final int WIDEST_PANEL = 32;

    private PackingLimits() {}

    /**
     * Tokens at a time, in whole panels.
     *
     * @param cols numbers of a token
     * @param panel tokens of a panel
     */
    static int atOnce(int cols, int panel) {
        return Math.clamp(MOST_FLOATS / Math.max(1, cols) / panel * panel, panel, MOST);
    }

    /**
     * Bytes that products hold beside their result and keep for the next ones.
     *
     * @param tokens of the product with the most
     * @param widest most numbers of a token
     */
    public static long bytes(long tokens, int widest) {
        long whole = Math.min(Math.ceilDiv(tokens, WIDEST_PANEL) * WIDEST_PANEL, MOST);
        return Float.BYTES * Math.min(whole * widest, Math.max(MOST_FLOATS, WIDEST_PANEL * (long) widest));
    }
}
