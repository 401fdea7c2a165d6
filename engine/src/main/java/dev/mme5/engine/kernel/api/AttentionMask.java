package dev.mme5.engine.kernel.api;

/**
 * The keys that each query attends to, and the multiplicity of each key. Every mask gives a query one contiguous range of keys.
 * A key that represents several identical tokens carries a multiplicity, by which its exp is multiplied in the numerator and in
 * the denominator of the softmax (reference section 12.7).
 */
public sealed interface AttentionMask {
    /** First key that this query attends to. */
    int from(int query);

    /** One past the last key that this query attends to; always greater than {@link #from}. */
    int to(int query);

    /** Number of tokens that this key represents, at least 1. */
    int multiplicity(int key);

    /**
     * Text: query i attends to keys 0 to firstQuery + i, both included.
     *
     * @param firstQuery position of the first query among the keys
     */
    record Causal(int firstQuery) implements AttentionMask {
        @Override
        public int from(int query) {
            return 0;
        }

        @Override
        public int to(int query) {
            return firstQuery + query + 1;
        }

        @Override
        public int multiplicity(int key) {
            return 1;
        }
    }

    /**
     * Every query attends to every key.
     *
     * @param keys number of keys
     */
    record Full(int keys) implements AttentionMask {
        @Override
        public int from(int query) {
            return 0;
        }

        @Override
        public int to(int query) {
            return keys;
        }

        @Override
        public int multiplicity(int key) {
            return 1;
        }
    }

    /**
     * Vision: real tokens come first and attend to every key; the padding tokens after them attend to the real keys only
     * (reference section 5.4).
     *
     * @param real number of real tokens
     * @param multiplicities of all keys, [keys]
     */
    record Padded(int real, int[] multiplicities) implements AttentionMask {
        @Override
        public int from(int query) {
            return 0;
        }

        @Override
        public int to(int query) {
            return query < real ? multiplicities.length : real;
        }

        @Override
        public int multiplicity(int key) {
            return multiplicities[key];
        }
    }

    /**
     * Cross-attention: each text token attends to its own range of image keys (reference section 7).
     *
     * @param starts first key of each query, [queries]
     * @param ends one past the last key of each query, [queries]
     * @param multiplicities of all keys, [keys]
     */
    record KeyRanges(int[] starts, int[] ends, int[] multiplicities) implements AttentionMask {
        @Override
        public int from(int query) {
            return starts[query];
        }

        @Override
        public int to(int query) {
            return ends[query];
        }

        @Override
        public int multiplicity(int key) {
            return multiplicities[key];
        }
    }
}
