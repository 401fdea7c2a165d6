package dev.mme5.engine.image.webp.vp8;

import java.util.Arrays;

/**
 * Prediction of 4 x 4 luma samples from their edge (RFC 6386 section 12.3): left column from below, corner, then 8 samples of the
 * row above. Eight of the ten modes copy samples of that edge, smoothed, along lines; a table names the sample for each place.
 */
final class Vp8SubblockPrediction {
    static final int DC = 0;
    static final int TRUE_MOTION = 1;
    static final int VERTICAL = 2;
    static final int HORIZONTAL = 3;
    static final int LEFT_DOWN = 4;
    static final int RIGHT_DOWN = 5;
    static final int VERTICAL_RIGHT = 6;
    static final int VERTICAL_LEFT = 7;
    static final int HORIZONTAL_DOWN = 8;
    static final int HORIZONTAL_UP = 9;
    static final int MODES = 10;

    private static final int CORNER = 4;
    private static final int ABOVE = 5;
    private static final int EDGE = 13;

    /** Codes of the table: n is the edge around n, smoothed; HALF + n lies between n and n + 1; LAST is the edge's first sample. */
    private static final int HALF = EDGE;
    private static final int LAST = HALF + EDGE - 1;

    private static final int[][] LINES = {
        {}, {},
        {5, 6, 7, 8, 5, 6, 7, 8, 5, 6, 7, 8, 5, 6, 7, 8},
        {3, 3, 3, 3, 2, 2, 2, 2, 1, 1, 1, 1, 0, 0, 0, 0},
        {6, 7, 8, 9, 7, 8, 9, 10, 8, 9, 10, 11, 9, 10, 11, 12},
        {4, 5, 6, 7, 3, 4, 5, 6, 2, 3, 4, 5, 1, 2, 3, 4},
        {HALF + 4, HALF + 5, HALF + 6, HALF + 7, 4, 5, 6, 7, 3, HALF + 4, HALF + 5, HALF + 6, 2, 4, 5, 6},
        {HALF + 5, HALF + 6, HALF + 7, HALF + 8, 6, 7, 8, 9, HALF + 6, HALF + 7, HALF + 8, 10, 7, 8, 9, 11},
        {HALF + 3, 4, 5, 6, HALF + 2, 3, HALF + 3, 4, HALF + 1, 2, HALF + 2, 3, HALF, 1, HALF + 1, 2},
        {HALF + 2, 2, HALF + 1, 1, HALF + 1, 1, HALF, 0, HALF, 0, LAST, LAST, LAST, LAST, LAST, LAST}};

    private final Plane plane;
    private final int[] edge = new int[EDGE];
    private final byte[] smoothed = new byte[LAST + 1];

    Vp8SubblockPrediction(Plane plane) {
        this.plane = plane;
    }

    /**
     * Writes the prediction of one subblock.
     *
     * @param offset of its first sample
     * @param aboveRight offset of the 4 samples that follow those above it
     */
    void predict(int mode, int offset, int aboveRight) {
        switch (mode) {
            case DC -> dc(offset);
            case TRUE_MOTION -> Vp8Prediction.trueMotion(plane, offset, 4);
            default -> lines(LINES[mode], offset, aboveRight);
        }
    }

    private void dc(int offset) {
        byte[] samples = plane.samples;
        int stride = plane.stride;
        int sum = 4;
        for (int i = 0; i < 4; i++) sum += (samples[offset - stride + i] & 0xff) + (samples[offset + i * stride - 1] & 0xff);
        for (int y = 0; y < 4; y++) Arrays.fill(samples, offset + y * stride, offset + y * stride + 4, (byte) (sum >> 3));
    }

    private void lines(int[] line, int offset, int aboveRight) {
        byte[] samples = plane.samples;
        int stride = plane.stride;
        int above = offset - stride;
        for (int i = 0; i < 4; i++) {
            edge[i] = samples[offset + (3 - i) * stride - 1] & 0xff;
            edge[ABOVE + i] = samples[above + i] & 0xff;
            edge[ABOVE + 4 + i] = samples[aboveRight + i] & 0xff;
        }
        edge[CORNER] = samples[above - 1] & 0xff;
        smooth();
        for (int y = 0; y < 4; y++) {
            int row = offset + y * stride;
            for (int x = 0; x < 4; x++) samples[row + x] = smoothed[line[4 * y + x]];
        }
    }

    /** The edge ends by repeating its last sample at both ends. */
    private void smooth() {
        int previous = edge[0];
        int current = edge[0];
        for (int i = 0; i < EDGE - 1; i++) {
            int next = edge[i + 1];
            smoothed[i] = (byte) (previous + 2 * current + next + 2 >> 2);
            smoothed[HALF + i] = (byte) (current + next + 1 >> 1);
            previous = current;
            current = next;
        }
        smoothed[EDGE - 1] = (byte) (previous + 3 * current + 2 >> 2);
        smoothed[LAST] = (byte) edge[0];
    }
}
