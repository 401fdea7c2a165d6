package dev.mme5.engine.kernel.api;

/**
 * Which keys a query sees, and how often each counts. Every mask of the model lets a query see one run of keys; keys that
 * stand for several identical tokens carry a multiplicity by which their exp is multiplied, above and below the fraction
 * (reference section 12.7).
 */
public sealed interface AttentionMask {
    /** First key that this query sees. */
    int from(int query);

    /** One past the last key that this query sees; always greater than {@link #from}. */
    int to(int query);

    /** How many tokens this key stands for, at least 1. */
    int multiplicity(int key);

    /**
     * Text: query i sees keys 0 to firstQuery + i.
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
     * Vision: real tokens stand first and see every key; padding tokens, behind them, see the real keys only
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
     * Cross-attention: each text token sees a run of image keys of its own (reference section 7).
     *
     * @param starts first key seen, by query
     * @param ends one past the last key seen, by query
     * @param multiplicities of all keys, [keys]
     */
    record Visible(int[] starts, int[] ends, int[] multiplicities) implements AttentionMask {
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
