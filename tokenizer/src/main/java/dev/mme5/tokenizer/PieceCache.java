package dev.mme5.tokenizer;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Remembers into what a piece was merged, since texts repeat their words. One slot per hash, the newest word stays: no
 * locks, and at most {@code SLOTS} words of at most {@code LONGEST} bytes, about 6 MB. For any number of threads.
 */
final class PieceCache {
    /** The longest word worth keeping, in bytes. */
    static final int LONGEST = 64;
    private static final int SLOTS = 1 << 14;

    private record Word(byte[] bytes, int[] ids) {}

    private final AtomicReferenceArray<Word> words = new AtomicReferenceArray<>(SLOTS);

    /**
     * The ids of these bytes, not to be changed; null when they are not known.
     *
     * @param hash of the bytes, by {@link Vocabulary#hash}
     */
    int[] get(byte[] text, int from, int to, int hash) {
        Word word = words.getAcquire(hash & SLOTS - 1);
        boolean same = word != null && Arrays.equals(word.bytes, 0, word.bytes.length, text, from, to);
        return same ? word.ids : null;
    }

    void put(byte[] text, int from, int to, int hash, int[] ids) {
        words.setRelease(hash & SLOTS - 1, new Word(Arrays.copyOfRange(text, from, to), ids));
    }
}
