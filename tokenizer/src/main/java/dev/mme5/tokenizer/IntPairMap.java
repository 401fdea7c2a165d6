package dev.mme5.tokenizer;

import java.util.Arrays;

/**
 * From a pair of non-negative ints to a non-negative long, without boxing: an open-addressing hash table whose keys and
 * values lie side by side, so that a hit costs one cache line. Filled by its maker, then only read, by any number of
 * threads.
 */
final class IntPairMap {
    static final long ABSENT = -1;

    private long[] slots;   // [capacity, 2]: key, value
    private int size;

    IntPairMap() {
        this(10);
    }

    /** @param expected how many pairs there may be; more only take longer */
    IntPairMap(int expected) {
        slots = emptySlots(Integer.highestOneBit(Math.max(10, expected) * 3 / 2) << 1);
    }

    private static long[] emptySlots(int capacity) {
        long[] slots = new long[2 * capacity];
        Arrays.fill(slots, ABSENT);
        return slots;
    }

    /** {@link #ABSENT} when the pair was never put. */
    long get(int left, int right) {
        long key = key(left, right);
        int at = slot(key);
        return slots[at + 1];
    }

    /**
     * The last put of a pair holds.
     *
     * @throws ProbeLengthLimit.TooLong when the pairs were chosen so that this takes long
     */
    void put(int left, int right, long value) {
        assert left >= 0 && right >= 0 && value >= 0 : left + ", " + right + ": " + value;
        if (3 * size >= slots.length) grow();   // at most two thirds full
        long key = key(left, right);
        int at = slot(key);
        if (slots[at] == ABSENT) size++;
        ProbeLengthLimit.requireShort((at - home(key) & slots.length - 1) / 2);
        slots[at] = key;
        slots[at + 1] = value;
    }

    private void grow() {
        long[] old = slots;
        slots = emptySlots(old.length);
        for (int i = 0; i < old.length; i += 2) {
            if (old[i] == ABSENT) continue;
            int at = slot(old[i]);
            ProbeLengthLimit.requireShort((at - home(old[i]) & slots.length - 1) / 2);
            slots[at] = old[i];
            slots[at + 1] = old[i + 1];
        }
    }

    /**
     * To be called when all is put.
     *
     * @throws ProbeLengthLimit.TooLong when the pairs were chosen so that finding one takes long
     */
    void requireSpread() {
        ProbeLengthLimit.requireShort(slots.length / 2, slot -> slots[2 * slot] != ABSENT);
    }

    /** Where the search for a key begins. */
    private int home(long key) {
        return (int) (key * 0x9E3779B97F4A7C15L >>> 32) << 1 & slots.length - 1;
    }

    /** Index of the key's slot, or of the empty slot where it belongs. */
    private int slot(long key) {
        int mask = slots.length - 1;
        int at = home(key);
        while (slots[at] != key && slots[at] != ABSENT) at = at + 2 & mask;
        return at;
    }

    private static long key(int left, int right) {
        return (long) left << 32 | right;
    }
}
