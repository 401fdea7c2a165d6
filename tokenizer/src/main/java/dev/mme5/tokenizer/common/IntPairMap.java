package dev.mme5.tokenizer.common;

import java.util.Arrays;

/**
 * A map from pairs of non-negative ints to non-negative longs, without boxing. It is an open-addressing hash table with keys and
 * values next to each other, so that a hit costs one cache line. One thread fills it; then any number of threads may read.
 */
public final class IntPairMap {
    public static final long ABSENT = -1;

    private static final int MIN_EXPECTED = 10;

    private long[] slots;   // [capacity, 2]: key, value
    private int size;

    public IntPairMap() {
        this(MIN_EXPECTED);
    }

    /** @param expected expected number of pairs; the map grows if there are more */
    public IntPairMap(int expected) {
        slots = emptySlots(Integer.highestOneBit(Math.max(MIN_EXPECTED, expected) * 3 / 2) << 1);
    }

    private static long[] emptySlots(int capacity) {
        long[] slots = new long[2 * capacity];
        Arrays.fill(slots, ABSENT);
        return slots;
    }

    /** The value of a pair, or {@link #ABSENT}. */
    public long get(int left, int right) {
        return slots[slot(key(left, right)) + 1];
    }

    /**
     * Sets the value of a pair; an earlier value is replaced.
     *
     * @throws ProbeLengthLimit.ExceededException if the keys collide too often to do so by chance
     */
    public void put(int left, int right, long value) {
        assert left >= 0 && right >= 0 && value >= 0 : left + ", " + right + ": " + value;
        if (3 * size >= slots.length) grow();   // at most two thirds full
        long key = key(left, right);
        int slot = slot(key);
        if (slots[slot] == ABSENT) size++;
        ProbeLengthLimit.check((slot - home(key) & slots.length - 1) / 2);
        slots[slot] = key;
        slots[slot + 1] = value;
    }

    private void grow() {
        long[] old = slots;
        slots = emptySlots(old.length);
        for (int i = 0; i < old.length; i += 2) {
            if (old[i] == ABSENT) continue;
            int slot = slot(old[i]);
            ProbeLengthLimit.check((slot - home(old[i]) & slots.length - 1) / 2);
            slots[slot] = old[i];
            slots[slot + 1] = old[i + 1];
        }
    }

    /**
     * Checks the complete map, after the last {@link #put}.
     *
     * @throws ProbeLengthLimit.ExceededException if the keys collide too often to do so by chance
     */
    public void checkProbeLengths() {
        ProbeLengthLimit.checkTable(slots.length / 2, slot -> slots[2 * slot] != ABSENT);
    }

    /** Index of the slot where the search for a key begins. */
    private int home(long key) {
        return (int) (key * 0x9E3779B97F4A7C15L >>> 32) << 1 & slots.length - 1;
    }

    /** Index of the slot of a key, or of the empty slot where it would be inserted. */
    private int slot(long key) {
        int mask = slots.length - 1;
        int slot = home(key);
        while (slots[slot] != key && slots[slot] != ABSENT) slot = slot + 2 & mask;
        return slot;
    }

    private static long key(int left, int right) {
        return (long) left << 32 | right;
    }
}
