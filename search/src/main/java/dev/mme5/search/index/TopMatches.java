package dev.mme5.search.index;

import java.util.Arrays;

/**
 * The best of many scores, in a heap with the worst on top. Of equal scores, the lower row is better, so the result does not
 * depend on how the rows were divided.
 */
public final class TopMatches {
    private final float[] scores;
    private final int[] rows;
    private int size;

    public TopMatches(int capacity) {
        scores = new float[capacity];
        rows = new int[capacity];
    }

    /** Rows must come in ascending order: an equal score never replaces an earlier one. */
    public void offer(float score, int row) {
        if (size < scores.length) {
            scores[size] = score;
            rows[size] = row;
            up(size++);
        } else if (size > 0 && score > scores[0]) {
            scores[0] = score;
            rows[0] = row;
            down(0);
        }
    }

    public int size() {
        return size;
    }

    /** All rows, ascending. */
    public int[] rowsInOrder() {
        int[] all = Arrays.copyOf(rows, size);
        Arrays.sort(all);
        return all;
    }

    /** Removes the worst match. */
    public void removeWorst() {
        size--;
        swap(0, size);
        down(0);
    }

    /** Score of the worst match. */
    public float worstScore() {
        return scores[0];
    }

    /** Row of the worst match. */
    public int worstRow() {
        return rows[0];
    }

    private boolean isWorse(int i, int j) {
        return scores[i] < scores[j] || scores[i] == scores[j] && rows[i] > rows[j];
    }

    private void up(int i) {
        while (i > 0 && isWorse(i, (i - 1) / 2)) {
            swap(i, (i - 1) / 2);
            i = (i - 1) / 2;
        }
    }

    private void down(int i) {
        while (true) {
            int worst = i;
            for (int child = 2 * i + 1; child <= 2 * i + 2 && child < size; child++) {
                if (isWorse(child, worst)) worst = child;
            }
            if (worst == i) return;
            swap(i, worst);
            i = worst;
        }
    }

    private void swap(int i, int j) {
        float score = scores[i];
        scores[i] = scores[j];
        scores[j] = score;
        int row = rows[i];
        rows[i] = rows[j];
        rows[j] = row;
    }
}
