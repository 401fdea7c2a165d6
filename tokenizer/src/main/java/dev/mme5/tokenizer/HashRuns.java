package dev.mme5.tokenizer;

import java.util.function.IntPredicate;

/**
 * The guard of the hash tables: a look-up walks to the end of a run of filled slots, and a file whose tokens were chosen to lie
 * side by side could make each look-up, and the making of the table, take as long as there are tokens.
 */
final class HashRuns {
    /** Chance makes runs of up to some hundred in the tables of the largest vocabularies. */
    static final int LONGEST = 500;

    private HashRuns() {}

    /** A table is refused: no chance, but intent. */
    static final class TooLong extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooLong() {
            super("expected tokens whose hashes are spread, found more than " + LONGEST + " that stand in one run");
        }
    }

    /** @param steps walked to a free slot */
    static void requireShort(int steps) {
        if (steps > LONGEST) throw new TooLong();
    }

    /** Looks through a finished table, in which some slot is free. */
    static void requireShort(int slots, IntPredicate isFilled) {
        int run = 0;
        for (int i = 0; i < slots + LONGEST; i++) {   // the last run may go on at the beginning
            run = isFilled.test(i % slots) ? run + 1 : 0;
            if (run > LONGEST) throw new TooLong();
        }
    }
}
