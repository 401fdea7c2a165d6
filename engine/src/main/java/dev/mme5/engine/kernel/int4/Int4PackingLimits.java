package dev.mme5.engine.kernel.int4;

/** How activations become integers of 8 bits beside weights of four, and what memory that takes: known without any vector. */
public final class Int4PackingLimits {
    /** Neighbours that share a scale, which is their largest magnitude / 127; as many as groups of four-bit weights have. */
    public static final int LENGTH = 32;

    /** A block of nothing but smaller values is taken as zero: the inverse of its scale would not be finite. */
    public static final float TINY = 1e-30f;

    /** Activations that a product holds at a time: bounds the memory that a long text takes. */
    private static final int MOST = 4 << 20;

    /** Tokens of the largest tile. */
    private static final int MOST_TILE = 12;

    private static final int MOST_TOKENS = 516;

    private Int4PackingLimits() {}

    /**
     * Tokens at a time, in whole tiles.
     *
     * @param cols numbers of a token
     * @param tile tokens of a tile
     */
    static int atOnce(int cols, int tile) {
        return Math.clamp(MOST / Math.max(LENGTH, whole(cols)) / tile * tile, tile, MOST_TOKENS);
    }

    /**
     * Bytes that products hold of their tokens, two and a part of a scale for each number, and keep for the next ones.
     *
     * @param tokens of the product with the most
     * @param widest most numbers of a token
     */
    public static long bytes(long tokens, int widest) {
        long numbers = Math.min(Math.min(tokens, MOST_TOKENS) * whole(widest), Math.max(MOST, MOST_TILE * whole(widest)));
        return numbers * Short.BYTES + numbers / LENGTH * Float.BYTES;
    }

    private static long whole(int cols) {
        return Math.ceilDiv((long) cols, LENGTH) * LENGTH;
    }
}
