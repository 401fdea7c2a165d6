package dev.mme5.engine.nn;

/**
 * Where each of several texts stands in a packed matrix of tokens: text i has rows starts[i] to starts[i + 1]. Products run
 * over all rows at once, attention over one text at a time.
 *
 * @param starts first row of each text, and one past the last row of all, [count + 1]
 */
public record PackedSequences(int[] starts) {
    public static PackedSequences of(int[][] texts) {
        int[] starts = new int[texts.length + 1];
        for (int i = 0; i < texts.length; i++) starts[i + 1] = Math.addExact(starts[i], texts[i].length);
        return new PackedSequences(starts);
    }

    public int count() {
        return starts.length - 1;
    }

    public int from(int text) {
        return starts[text];
    }

    public int to(int text) {
        return starts[text + 1];
    }

    int length(int text) {
        return to(text) - from(text);
    }

    /** Rows of all texts. */
    public int total() {
        return starts[starts.length - 1];
    }

    /** Rows of the longest text. */
    int longest() {
        int longest = 0;
        for (int i = 0; i < count(); i++) longest = Math.max(longest, length(i));
        return longest;
    }
}
