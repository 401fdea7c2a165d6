package dev.mme5.weights.lora;

/**
 * How many characters of module names the patterns of one adapter may read. A pattern that names modules reads each character a few times, so
 * every name adds to the limit; one that tries all ways to match soon reads more.
 */
final class ReadLimit {
    /** Before the first name: for patterns that are not simple, of few modules. About 0.1 s. */
    private static final int INITIAL_READS = 10_000_000;

    /** For each character of a name, and each pattern. */
    private static final int READS_PER_CHARACTER = 16;

    /** Of all names and patterns together, however many there are. */
    private static final int MAX_READS = 100_000_000;

    private int allowed = INITIAL_READS;
    private int reads;

    /**
     * Allows one more name to be read.
     *
     * @param steps of matching that may read nothing; they count as reads
     * @return false if these are too many
     */
    boolean addName(int length, long steps) {
        allowed = (int) Math.min(allowed + (long) READS_PER_CHARACTER * length, MAX_READS);
        reads = (int) Math.min(reads + steps, MAX_READS + 1);
        return reads <= allowed;
    }

    /** Counts one read; false if it is one too many. */
    boolean read() {
        return ++reads <= allowed;
    }
}
