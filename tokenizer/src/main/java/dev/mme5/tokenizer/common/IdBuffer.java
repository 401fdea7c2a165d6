package dev.mme5.tokenizer.common;

import java.util.Arrays;

/** Collects ids in order: counts all of them and keeps the first {@code limit}. Not thread-safe. */
public final class IdBuffer {
    private final int limit;
    private int reserved;
    private int[] ids = new int[16];
    private int kept;
    private int total;

    /** @param limit maximum number of ids to keep */
    public IdBuffer(int limit) {
        this.limit = limit;
    }

    /** Appends an id. */
    public void add(int id) {
        total++;
        if (kept >= limit - reserved) return;
        if (kept == ids.length) ids = Arrays.copyOf(ids, 2 * kept);
        ids[kept++] = id;
    }

    /** Appends the first {@code count} ids of an array. */
    public void addAll(int[] more, int count) {
        for (int i = 0; i < count; i++) add(more[i]);
    }

    /**
     * Holds places free for ids that must be kept although they come last.
     *
     * @param places how many of the limit the ids that follow may not use; 0 for none
     */
    public void reserve(int places) {
        reserved = places;
    }

    /** Number of ids that were added, kept or not. */
    public int total() {
        return total;
    }

    /** A copy of the kept ids. */
    public int[] kept() {
        return Arrays.copyOf(ids, kept);
    }
}
