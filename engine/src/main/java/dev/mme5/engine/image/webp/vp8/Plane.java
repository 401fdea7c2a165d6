package dev.mme5.engine.image.webp.vp8;

import java.util.Arrays;

/**
 * The samples of Y, U or V, whole macroblocks, with the border that prediction reads: 127 above (RFC 6386 section 12.2), beyond
 * the right end too, and 129 to the left.
 */
final class Plane {
    private static final int ABOVE = 127;
    private static final byte LEFT = (byte) 129;
    private static final int RIGHT_BORDER = 4;

    final byte[] samples;
    final int stride;
    final int rows;

    /**
     * @param columns samples in a row
     * @param rows of samples
     */
    Plane(int columns, int rows) {
        this.stride = 1 + columns + RIGHT_BORDER;
        this.rows = rows;
        this.samples = new byte[Math.toIntExact(bytes(columns, rows))];
        Arrays.fill(samples, 0, stride, (byte) ABOVE);
        for (int row = 0; row < rows; row++) samples[offset(row, 0) - 1] = LEFT;
    }

    /** Bytes that a plane takes. */
    static long bytes(long columns, long rows) {
        return (1 + columns + RIGHT_BORDER) * (rows + 1);
    }

    int offset(int row, int column) {
        return (row + 1) * stride + 1 + column;
    }
}
