package dev.mme5.tokenizer.common;

import java.util.function.IntPredicate;

/**
 * Limits the probe length of the open-addressing hash tables. Because a look-up walks to the end of a run of filled slots, a
 * crafted file whose tokens collide could make every look-up take time linear in the number of tokens.
 */
public final class ProbeLengthLimit {
    /** The tables of the largest vocabularies have runs of up to some hundred slots by chance. */
    public static final int MAX_LENGTH = 500;

    private ProbeLengthLimit() {}

    /** A table has a run of filled slots that is too long to occur by chance. */
    public static final class ExceededException extends RuntimeException {
        private static final long serialVersionUID = 1;

        ExceededException() {
            super("expected tokens whose hashes are spread, found more than " + MAX_LENGTH + " that stand in one run");
        }
    }

    /**
     * Checks one insertion.
     *
     * @param steps number of slots from the home of a key to its slot
     * @throws ExceededException if they are too many
     */
    public static void check(int steps) {
        if (steps > MAX_LENGTH) throw new ExceededException();
    }

    /**
     * Checks a complete table, which has at least one empty slot. Not every slot is inspected: a run that is too long covers at
     * least two of the inspected ones.
     *
     * @throws ExceededException if a run is too long
     */
    public static void checkTable(int slots, IntPredicate isFilled) {
        for (int i = 0; i < slots; i += MAX_LENGTH / 2) {
            if (!isFilled.test(i)) continue;
            int start = i;
            int end = i + 1;
            while (end - start <= MAX_LENGTH && isFilled.test(end % slots)) end++;
            while (end - start <= MAX_LENGTH && isFilled.test((start - 1 + slots) % slots)) start--;
            if (end - start > MAX_LENGTH) throw new ExceededException();
        }
    }
}
