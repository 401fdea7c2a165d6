package dev.mme5.engine.family;

/** Counts the tokens that a pass over some sequences computes. Not thread-safe. */
public interface TokenCount {
    /** How many more tokens a pass computes with one more sequence. */
    int added(int[] ids);

    /** Adds a sequence. */
    void add(int[] ids);

    /** Tokens of all sequences so far. */
    int total();

    /** The sum of the lengths. */
    static TokenCount all() {
        return new TokenCount() {
            private int total;

            @Override
            public int added(int[] ids) {
                return ids.length;
            }

            @Override
            public void add(int[] ids) {
                total = Math.addExact(total, ids.length);
            }

            @Override
            public int total() {
                return total;
            }
        };
    }
}
