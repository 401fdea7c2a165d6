package dev.mme5.engine.kernel.pool;

/**
 * Where the floats of a large array begin with a cache line, so that vector loads cross none, which is faster. With Java's default
 * options, G1 begins an array of more than half a region with a page, and its floats follow a header of 16 bytes, or of 12 since Java 27.
 * With other options or another collector this may not help, but does no harm.
 */
public final class ArrayAlignment {
    /** Floats to skip at the beginning of an array. */
    public static final int FLOATS = Runtime.version().feature() < 27 ? 12 : 13;

    private ArrayAlignment() {}
}
