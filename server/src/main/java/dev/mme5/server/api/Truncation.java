package dev.mme5.server.api;

/**
 * What happens to a text that is too long.
 *
 * @param side which end is cut off
 * @param limit tokens that the model sees at most; 0 for its own limit
 */
record Truncation(Side side, int limit) {
    enum Side {
        /** None: it is refused. */
        REFUSE,
        /** Its beginning. */
        START,
        /** Its end. */
        END
    }

    static final Truncation REFUSE = new Truncation(Side.REFUSE, 0);
    static final Truncation END = new Truncation(Side.END, 0);
    static final Truncation START = new Truncation(Side.START, 0);
}
