package dev.mme5.tokenizer;

import java.util.Arrays;

/** Takes ids in order, counts them all, keeps the first {@code limit}. Not for several threads. */
final class IdBuffer {
    private final int limit;
    private int[] ids = new int[16];
    private int total;

    IdBuffer(int limit) {
        this.limit = limit;
    }

    void add(int id) {
        int at = total++;
        if (at >= limit) return;
        if (at == ids.length) ids = Arrays.copyOf(ids, 2 * at);
        ids[at] = id;
    }

    void addAll(int[] more, int count) {
        for (int i = 0; i < count; i++) add(more[i]);
    }

    /** How many were added, kept or not. */
    int total() {
        return total;
    }

    int[] kept() {
        return Arrays.copyOf(ids, Math.min(total, limit));
    }
}
