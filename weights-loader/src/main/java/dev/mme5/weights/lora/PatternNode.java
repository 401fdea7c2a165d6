package dev.mme5.weights.lora;

import java.util.List;
import java.util.function.IntPredicate;

/** A part of a pattern, as {@link PatternParser} reads it. */
sealed interface PatternNode {
    /** In {@link Repeat}: as often as there is something to match. */
    int UNBOUNDED = Integer.MAX_VALUE;

    /** A number of states that is too many, and can be added and multiplied with the like. */
    long TOO_MANY = 1 << 30;

    /** @return at least the number of states that the part becomes, never more than {@link #TOO_MANY} */
    long size();

    /**
     * One character.
     *
     * @param cost number of comparisons that it takes to decide
     */
    record One(IntPredicate characters, int cost) implements PatternNode {
        @Override
        public long size() {
            return cost;
        }
    }

    /** A place in the name. */
    enum Edge implements PatternNode {
        START, END;

        @Override
        public long size() {
            return 1;
        }
    }

    /** One part after the other. */
    record Sequence(List<PatternNode> parts) implements PatternNode {
        @Override
        public long size() {
            return Math.min(TOO_MANY, 1 + parts.stream().mapToLong(PatternNode::size).sum());
        }
    }

    /** One of some parts. */
    record Choice(List<PatternNode> parts) implements PatternNode {
        @Override
        public long size() {
            return Math.min(TOO_MANY, parts.stream().mapToLong(part -> 1 + part.size()).sum());
        }
    }

    /** A part {@code min} to {@code max} times; each time is a copy of its states. */
    record Repeat(PatternNode part, int min, int max) implements PatternNode {
        @Override
        public long size() {
            long copies = max == UNBOUNDED ? min + 1L : max;
            return Math.min(TOO_MANY, 1 + copies * (1 + part.size()));
        }
    }
}
