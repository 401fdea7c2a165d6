package dev.mme5.tokenizer.model;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Caches the ids of merged pieces, because texts repeat their words. Each hash has one slot, and the newest piece replaces the
 * previous one: no locks, and at most 16384 pieces of at most 64 bytes, about 6 MB. Thread-safe.
 */
final class PieceCache {
    /** Maximum length of a cached piece, in bytes. */
    static final int MAX_LENGTH = 64;
    private static final int SLOTS = 1 << 14;

    private record Entry(byte[] piece, int[] ids) {}

    private final AtomicReferenceArray<Entry> entries = new AtomicReferenceArray<>(SLOTS);

    /**
     * The ids of a piece, not to be changed; null if it is not cached.
     *
     * @param hash of the piece, by {@link TokenTable#hash}
     */
    int[] get(byte[] text, int from, int to, int hash) {
        Entry entry = entries.getAcquire(hash & SLOTS - 1);
        boolean isHit = entry != null && Arrays.equals(entry.piece, 0, entry.piece.length, text, from, to);
        return isHit ? entry.ids : null;
    }

    /** Stores a piece, in place of the one that has its slot. */
    void put(byte[] text, int from, int to, int hash, int[] ids) {
        entries.setRelease(hash & SLOTS - 1, new Entry(Arrays.copyOfRange(text, from, to), ids));
    }
}
