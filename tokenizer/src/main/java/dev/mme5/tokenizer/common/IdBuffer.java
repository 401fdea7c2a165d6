package dev.mme5.tokenizer.common;

import java.util.Arrays;

/** Collects ids in order: counts all of them and keeps the first {@code limit}. Not thread-safe. */
public final class IdBuffer {
    private final int limit;
    private int[] ids = new int[16];
    private int total;

    /** @param limit maximum number of ids to keep */
    public IdBuffer(int limit) {
        this.limit = limit;
    }

    /** Appends an id. */
    public void add(int id) {
        int index = total++;
        if (index >= limit) return;
        if (index == ids.length) ids = Arrays.copyOf(ids, 2 * index);
        ids[index] = id;
    }

    /** Appends the first {@code count} ids of an array. */
    public void addAll(int[] more, int count) {
        for (int i = 0; i < count; i++) add(more[i]);
    }

    /** Number of ids that were added, kept or not. */
    public int total() {
        return total;
    }

    /** A copy of the kept ids. */
    public int[] kept() {
        return Arrays.copyOf(ids, Math.min(total, limit));
    }
}
