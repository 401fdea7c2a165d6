package dev.mme5.engine.nn;

/**
 * Where each of several sequences lies in a packed matrix of tokens: sequence i has rows starts[i] to starts[i + 1]. Matmuls run
 * over all rows at once, attention over one sequence at a time; nothing is padded.
 *
 * @param starts first row of each sequence, and one past the last row of all, [count + 1]
 */
public record PackedSequences(int[] starts) {
    /** @param ids token ids of each sequence; only the lengths count */
    public static PackedSequences of(int[][] ids) {
        int[] starts = new int[ids.length + 1];
        for (int i = 0; i < ids.length; i++) starts[i + 1] = Math.addExact(starts[i], ids[i].length);
        return new PackedSequences(starts);
    }

    /** Number of sequences. */
    public int count() {
        return starts.length - 1;
    }

    /** First row of a sequence. */
    public int from(int sequence) {
        return starts[sequence];
    }

    /** One past the last row of a sequence. */
    public int to(int sequence) {
        return starts[sequence + 1];
    }

    /** Tokens of a sequence. */
    public int length(int sequence) {
        return to(sequence) - from(sequence);
    }

    /** Rows of all sequences. */
    public int total() {
        return starts[starts.length - 1];
    }
}
