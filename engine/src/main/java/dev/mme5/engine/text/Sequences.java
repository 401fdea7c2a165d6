package dev.mme5.engine.text;

/**
 * Where each of several texts stands in a packed matrix of tokens: text i has rows starts[i] to starts[i + 1]. Products run
 * over all rows at once, attention over one text at a time.
 *
 * @param starts first row of each text, and one past the last row of all, [count + 1]
 */
record Sequences(int[] starts) {
    static Sequences of(int[][] texts) {
        int[] starts = new int[texts.length + 1];
        for (int i = 0; i < texts.length; i++) starts[i + 1] = Math.addExact(starts[i], texts[i].length);
        return new Sequences(starts);
    }

    int count() {
        return starts.length - 1;
    }

    int from(int text) {
        return starts[text];
    }

    int to(int text) {
        return starts[text + 1];
    }

    int length(int text) {
        return to(text) - from(text);
    }

    /** Rows of all texts. */
    int total() {
        return starts[starts.length - 1];
    }

    /** Rows of the longest text. */
    int longest() {
        int longest = 0;
        for (int i = 0; i < count(); i++) longest = Math.max(longest, length(i));
        return longest;
    }
}
