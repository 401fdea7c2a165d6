package dev.mme5.engine.image.jpeg;

import dev.mme5.engine.image.jpeg.entropy.Zigzag;
import dev.mme5.engine.image.jpeg.header.JpegComponent;
import java.util.Arrays;

/**
 * Estimates low AC coefficients that a progressive image has not brought from the DC coefficients of the 5 x 5 blocks around, as
 * libjpeg-turbo does since release 2.1. The idea is that of T.81 section K.8; the weights are libjpeg-turbo's.
 */
final class BlockSmoothing {
    private static final int WINDOW = 5;
    /** Zigzag indices of the coefficients that are estimated: 0 (DC) to 9. */
    private static final int ESTIMATED = 10;
    /** Estimates use fixed point with 8 fraction bits. */
    private static final int FRACTION_BITS = 8;

    /** If any AC coefficient is known: weights of the window, by zigzag index, 1 to 5. */
    private static final int[][] SHARP = {
        {},
        {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -7, 50, 0, -50, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
        {0, 0, -7, 0, 0, 0, 0, 50, 0, 0, 0, 0, 0, 0, 0, 0, 0, -50, 0, 0, 0, 0, 7, 0, 0},
        {0, 0, -1, 0, 0, 0, 0, 13, 0, 0, 0, 0, -24, 0, 0, 0, 0, 13, 0, 0, 0, 0, -1, 0, 0},
        {0, -1, 0, 1, 0, -1, 10, 0, -10, 1, 0, 0, 0, 0, 0, 1, -10, 0, 10, -1, 0, 1, 0, -1, 0},
        {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, 13, -24, 13, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
    };

    /** If no AC coefficient is known: the same for 0 to 9. DC changes, too. */
    private static final int[][] SOFT = {
        {-2, -6, -8, -6, -2, -6, 6, 42, 6, -6, -8, 42, 152, 42, -8, -6, 6, 42, 6, -6, -2, -6, -8, -6, -2},
        {-1, -1, 0, 1, 1, -3, 13, 0, -13, 3, -3, 38, 0, -38, 3, -3, 13, 0, -13, 3, -1, -1, 0, 1, 1},
        {-1, -3, -3, -3, -1, -1, 13, 38, 13, -1, 0, 0, 0, 0, 0, 1, -13, -38, -13, 1, 1, 3, 3, 3, 1},
        {0, 0, 1, 0, 0, 0, 2, 7, 2, 0, 0, -5, -14, -5, 0, 0, 2, 7, 2, 0, 0, 0, 1, 0, 0},
        {-1, 0, 0, 0, 1, 0, 9, 0, -9, 0, 0, 0, 0, 0, 0, 0, -9, 0, 9, 0, 1, 0, 0, 0, -1},
        {0, 0, 0, 0, 0, 0, 2, -5, 2, 0, 1, 7, -14, 7, 1, 0, 2, -5, 2, 0, 0, 0, 0, 0, 0},
        {0, 0, 0, 0, 0, 0, 1, 0, -1, 0, 0, 2, 0, -2, 0, 0, 1, 0, -1, 0, 0, 0, 0, 0, 0},
        {0, 0, 0, 0, 0, 0, 1, -3, 1, 0, 0, 0, 0, 0, 0, 0, -1, 3, -1, 0, 0, 0, 0, 0, 0},
        {0, 0, 0, 0, 0, 0, 1, 0, -1, 0, 0, -3, 0, 3, 0, 0, 1, 0, -1, 0, 0, 0, 0, 0, 0},
        {0, 0, 0, 0, 0, 0, 1, 2, 1, 0, 0, 0, 0, 0, 0, 0, -1, -2, -1, 0, 0, 0, 0, 0, 0},
    };

    private final JpegComponent component;
    private final CoefficientPlane plane;
    private final int[] lowBits;
    private final int[] quantization;
    private final int mcuRows;
    private final boolean onlyDc;
    private final int[] window = new int[WINDOW * WINDOW];
    private final short[] block = new short[Zigzag.BLOCK];

    /**
     * @param lowBits lowest known bit of each coefficient, or {@link Progression#UNSEEN}
     * @param mcuRows of the image
     */
    BlockSmoothing(JpegComponent component, CoefficientPlane plane, int[] lowBits, int[] quantization, int mcuRows) {
        this.component = component;
        this.plane = plane;
        this.lowBits = lowBits;
        this.quantization = quantization;
        this.mcuRows = mcuRows;
        boolean none = true;
        for (int k = 1; k < ESTIMATED; k++) none &= lowBits[k] == Progression.UNSEEN;
        this.onlyDc = none;
    }

    /**
     * Whether smoothing applies to an image: some low AC coefficient of some component is not fully known, and no division by
     * zero can occur in any.
     */
    static boolean applies(Progression progression, int[][] quantization) {
        boolean useful = false;
        for (int c = 0; c < quantization.length; c++) {
            for (int k = 0; k < ESTIMATED; k++) {
                if (quantization[c][Zigzag.natural(k)] == 0) return false;
                useful |= k > 0 && progression.lowBits(c)[k] != 0;
            }
        }
        return useful;
    }

    /** The smoothed coefficients of a block; valid until the next call. */
    short[] smooth(int x, int y) {
        int from = CoefficientPlane.offset(plane.block(x, y));
        System.arraycopy(plane.coefficients(), from, block, 0, Zigzag.BLOCK);
        fillWindow(x, y);
        int[][] weights = onlyDc ? SOFT : SHARP;
        for (int k = 1; k < weights.length; k++) {
            int at = Zigzag.natural(k);
            if (lowBits[k] != 0 && block[at] == 0) block[at] = estimate(weights[k], quantization[at], lowBits[k]);
        }
        if (onlyDc) block[0] = estimate(weights[0], quantization[0], 0);
        return block;
    }

    /** A weighted sum of the window's DC values in units of a coefficient, rounded, of no more than the unknown bits. */
    private short estimate(int[] weights, int factor, int lowBit) {
        int sum = 0;
        for (int i = 0; i < window.length; i++) sum += weights[i] * window[i];
        long scaled = (long) quantization[0] * sum;
        long unit = (long) factor << FRACTION_BITS;
        int size = (int) ((unit / 2 + Math.abs(scaled)) / unit);
        if (lowBit > 0) size = Math.min(size, (1 << lowBit) - 1);
        return (short) (scaled >= 0 ? size : -size);
    }

    private void fillWindow(int x, int y) {
        int[] rows = windowRows(y);
        for (int r = 0; r < WINDOW; r++) {
            for (int c = 0; c < WINDOW; c++) {
                int column = Math.clamp(x + c - 2L, 0, component.blocksWide() - 1);
                window[WINDOW * r + c] = plane.coefficients()[CoefficientPlane.offset(plane.block(column, rows[r]))];
            }
        }
    }

    /**
     * Rows of blocks of the window. libjpeg-turbo counts them by the number of block rows in the current row of MCUs, which is
     * smaller in the last one: there the second row above is sometimes the first again. Below, rows of the padding count.
     */
    private int[] windowRows(int y) {
        int mcuRow = y / component.down();
        int blockRows = component.down();
        if (mcuRow == mcuRows - 1 && component.blocksHigh() % component.down() != 0) {
            blockRows = component.blocksHigh() % component.down();
        }
        int counted = mcuRow * blockRows + y % component.down();
        int end = blockRows * mcuRows;
        int[] rows = new int[WINDOW];
        Arrays.fill(rows, y);
        rows[1] = counted > 0 ? y - 1 : y;
        rows[0] = counted > 1 ? y - 2 : rows[1];
        rows[3] = counted < end - 1 ? y + 1 : y;
        rows[4] = counted < end - 2 ? y + 2 : rows[3];
        return rows;
    }
}
