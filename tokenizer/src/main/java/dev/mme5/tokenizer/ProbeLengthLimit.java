package dev.mme5.tokenizer;

import java.util.function.IntPredicate;

/**
 * The guard of the hash tables: a look-up walks to the end of a run of filled slots, and a file whose tokens were chosen to lie
 * side by side could make each look-up, and the making of the table, take as long as there are tokens.
 */
final class ProbeLengthLimit {
    /** Chance makes runs of up to some hundred in the tables of the largest vocabularies. */
    static final int LONGEST = 500;

    private ProbeLengthLimit() {}

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

    /** Looks at a finished table, in which some slot is free. Not at every slot: a run that is too long covers two of those looked at. */
    static void requireShort(int slots, IntPredicate isFilled) {
        for (int i = 0; i < slots; i += LONGEST / 2) {
            if (!isFilled.test(i)) continue;
            int from = i;
            int to = i + 1;
            while (to - from <= LONGEST && isFilled.test(to % slots)) to++;
            while (to - from <= LONGEST && isFilled.test((from - 1 + slots) % slots)) from--;
            if (to - from > LONGEST) throw new TooLong();
        }
    }
}
