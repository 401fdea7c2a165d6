package dev.mme5.engine.image.jpeg;

import dev.mme5.engine.image.jpeg.entropy.Zigzag;
import java.util.Arrays;

/**
 * Dequantises and transforms blocks that are next to each other, up to {@link #BLOCKS} at a time, with the integer arithmetic of libjpeg's
 * "slow" inverse DCT: the algorithm of Loeffler, Ligtenberg and Moschytz (ICASSP 1989) with constants of 13 fraction bits; columns first,
 * whose results keep 2 fraction bits.
 *
 * <p>The columns of all blocks are transformed in one loop, which the JIT compiler vectorises; the rows block by block. Sums that
 * only damaged files reach wrap or saturate at 16 bits, as in libjpeg-turbo's vector code on x86.
 */
final class InverseDct {
    private static final int CONSTANT_BITS = 13;
    private static final int PASS1_BITS = 2;
    private static final int PASS1_SHIFT = CONSTANT_BITS - PASS1_BITS;
    /** A transform in two passes is 8 times too large. */
    private static final int PASS2_SHIFT = CONSTANT_BITS + PASS1_BITS + 3;
    private static final int PASS1_HALF = 1 << PASS1_SHIFT - 1;
    private static final int PASS2_HALF = 1 << PASS2_SHIFT - 1;
    private static final int CENTER = 128;

    private static final int F_0_298 = fixed(0.298631336);
    private static final int F_0_390 = fixed(0.390180644);
    private static final int F_0_541 = fixed(0.541196100);
    private static final int F_0_765 = fixed(0.765366865);
    private static final int F_0_899 = fixed(0.899976223);
    private static final int F_1_175 = fixed(1.175875602);
    private static final int F_1_501 = fixed(1.501321110);
    private static final int F_1_847 = fixed(1.847759065);
    private static final int F_1_961 = fixed(1.961570560);
    private static final int F_2_053 = fixed(2.053119869);
    private static final int F_2_562 = fixed(2.562915447);
    private static final int F_3_072 = fixed(3.072711026);

    /** Widest index of a coefficient for which the right half of a block is zero. */
    private static final int LAST_OF_HALF = 9;

    /** Enough for the loops over columns; what they work on fits into the first cache. */
    static final int BLOCKS = 32;

    /** Bytes of heap. */
    static final int BYTES = BLOCKS * (2 * Integer.BYTES * Zigzag.BLOCK + 1);

    /** Samples by the upper bits of a sum: a look-up takes less time than two comparisons. */
    private static final int[] SAMPLES = new int[1 << Integer.SIZE - PASS2_SHIFT];

    static {
        for (int i = 0; i < SAMPLES.length; i++) {
            int value = i << PASS2_SHIFT >> PASS2_SHIFT;
            SAMPLES[i] = Math.clamp(value, -CENTER, CENTER - 1) + CENTER;
        }
    }

    /** Factors in natural order. */
    private final int[] quantization;
    /** By block: zigzag index of the last coefficient that may differ from zero. */
    private final byte[] last = new byte[BLOCKS];
    /** Dequantised coefficients [8, 8 * BLOCKS]. */
    private final int[][] coefficients = new int[8][8 * BLOCKS];
    /** Transformed columns [8, 8 * BLOCKS]. */
    private final int[][] columns = new int[8][8 * BLOCKS];

    /** @param quantization factors in natural order */
    InverseDct(int[] quantization) {
        this.quantization = quantization;
    }

    private static int fixed(double value) {
        return (int) (value * (1 << CONSTANT_BITS) + 0.5);
    }

    /** Sets all blocks to zero. */
    void clear() {
        for (int[] row : coefficients) Arrays.fill(row, 0);
    }

    /**
     * Sets a block that is zero.
     *
     * @param x 0 to BLOCKS - 1
     * @param values quantised, in natural order, from an offset on
     * @param lastIndex zigzag index of the last one that may differ from zero
     */
    void setBlock(int x, short[] values, int offset, int lastIndex) {
        last[x] = (byte) lastIndex;
        int lowerRows = 0;
        for (int k = 0; k <= lastIndex; k++) {
            int natural = Zigzag.natural(k);
            int value = values[offset + natural];
            if (natural > 7) lowerRows |= value;
            coefficients[natural >> 3][8 * x + (natural & 7)] = (short) (value * quantization[natural]);
        }
        if (lowerRows == 0) wrapFirstRow(8 * x);
    }

    /** If all other rows are zero, the vector code has a short cut that wraps where the general way saturates. */
    private void wrapFirstRow(int from) {
        int[] row = coefficients[0];
        for (int i = from; i < from + 8; i++) row[i] = (short) (row[i] << PASS1_BITS) >> PASS1_BITS;
    }

    /**
     * Transforms the first blocks.
     *
     * @param count of blocks
     * @param samples rows, of which 8 are written from {@code firstRow} on, from {@code column} on
     */
    void transform(int count, int[][] samples, int firstRow, int column) {
        transformColumns();
        for (int x = 0; x < count; x++) {
            int target = column + 8 * x;
            if (last[x] == 0) {
                int value = sample((columns[0][8 * x] << CONSTANT_BITS) + PASS2_HALF);
                for (int row = 0; row < 8; row++) Arrays.fill(samples[firstRow + row], target, target + 8, value);
            } else if (last[x] <= LAST_OF_HALF) {
                for (int row = 0; row < 8; row++) transformHalfRow(columns[row], 8 * x, samples[firstRow + row], target);
            } else {
                for (int row = 0; row < 8; row++) transformRow(columns[row], 8 * x, samples[firstRow + row], target);
            }
        }
    }

    private static int saturated(int value) {
        return Math.min(Math.max(value, Short.MIN_VALUE), Short.MAX_VALUE);
    }

    /** A sum of the second pass, with {@link #PASS2_HALF}, to a sample. */
    private static int sample(int sum) {
        return SAMPLES[sum >>> PASS2_SHIFT];
    }

    private void transformColumns() {
        evenPart(coefficients[0], coefficients[2], coefficients[4], coefficients[6], columns[0], columns[1], columns[2], columns[3]);
        oddPart(coefficients[1], coefficients[3], coefficients[5], coefficients[7], columns[4], columns[5], columns[6], columns[7]);
        for (int i = 0; i < 4; i++) butterflies(columns[i], columns[7 - i]);
    }

    private static void evenPart(int[] in0, int[] in2, int[] in4, int[] in6, int[] out0, int[] out1, int[] out2, int[] out3) {
        for (int i = 0; i < out0.length; i++) {
            int even = (in2[i] + in6[i]) * F_0_541;
            int even2 = even - in6[i] * F_1_847;
            int even3 = even + in2[i] * F_0_765;
            int sum = ((short) (in0[i] + in4[i]) << CONSTANT_BITS) + PASS1_HALF;
            int difference = ((short) (in0[i] - in4[i]) << CONSTANT_BITS) + PASS1_HALF;
            out0[i] = sum + even3;
            out1[i] = difference + even2;
            out2[i] = difference - even2;
            out3[i] = sum - even3;
        }
    }

    private static void oddPart(int[] in1, int[] in3, int[] in5, int[] in7, int[] out4, int[] out5, int[] out6, int[] out7) {
        for (int i = 0; i < out4.length; i++) {
            int odd73 = (short) (in7[i] + in3[i]);
            int odd51 = (short) (in5[i] + in1[i]);
            int common = (odd73 + odd51) * F_1_175;
            int z73 = common - odd73 * F_1_961;
            int z51 = common - odd51 * F_0_390;
            int z71 = (in7[i] + in1[i]) * F_0_899;
            int z53 = (in5[i] + in3[i]) * F_2_562;
            out4[i] = in7[i] * F_0_298 - z71 + z73;
            out5[i] = in5[i] * F_2_053 - z53 + z51;
            out6[i] = in3[i] * F_3_072 - z53 + z73;
            out7[i] = in1[i] * F_1_501 - z71 + z51;
        }
    }

    private static void butterflies(int[] upper, int[] lower) {
        for (int i = 0; i < upper.length; i++) {
            int even = upper[i];
            int odd = lower[i];
            upper[i] = saturated(even + odd >> PASS1_SHIFT);
            lower[i] = saturated(even - odd >> PASS1_SHIFT);
        }
    }

    private static void transformRow(int[] in, int source, int[] out, int target) {
        int x0 = in[source];
        int x1 = in[source + 1];
        int x2 = in[source + 2];
        int x3 = in[source + 3];
        int x4 = in[source + 4];
        int x5 = in[source + 5];
        int x6 = in[source + 6];
        int x7 = in[source + 7];
        int even = (x2 + x6) * F_0_541;
        int even2 = even - x6 * F_1_847;
        int even3 = even + x2 * F_0_765;
        int sum = ((short) (x0 + x4) << CONSTANT_BITS) + PASS2_HALF;
        int difference = ((short) (x0 - x4) << CONSTANT_BITS) + PASS2_HALF;

        int odd73 = (short) (x7 + x3);
        int odd51 = (short) (x5 + x1);
        int common = (odd73 + odd51) * F_1_175;
        int z71 = (x7 + x1) * F_0_899;
        int z53 = (x5 + x3) * F_2_562;
        int z73 = common - odd73 * F_1_961;
        int z51 = common - odd51 * F_0_390;
        int odd0 = x7 * F_0_298 - z71 + z73;
        int odd1 = x5 * F_2_053 - z53 + z51;
        int odd2 = x3 * F_3_072 - z53 + z73;
        int odd3 = x1 * F_1_501 - z71 + z51;

        out[target] = sample(sum + even3 + odd3);
        out[target + 1] = sample(difference + even2 + odd2);
        out[target + 2] = sample(difference - even2 + odd1);
        out[target + 3] = sample(sum - even3 + odd0);
        out[target + 4] = sample(sum - even3 - odd0);
        out[target + 5] = sample(difference - even2 - odd1);
        out[target + 6] = sample(difference + even2 - odd2);
        out[target + 7] = sample(sum + even3 - odd3);
    }

    /** The same for a row whose right half is zero, the most frequent kind. */
    private static void transformHalfRow(int[] in, int source, int[] out, int target) {
        int x1 = in[source + 1];
        int x2 = in[source + 2];
        int x3 = in[source + 3];
        int first = (in[source] << CONSTANT_BITS) + PASS2_HALF;
        int even2 = x2 * F_0_541;
        int even3 = x2 * (F_0_541 + F_0_765);
        int common = (x3 + x1) * F_1_175;
        int z71 = x1 * F_0_899;
        int z53 = x3 * F_2_562;
        int z73 = common - x3 * F_1_961;
        int z51 = common - x1 * F_0_390;
        int odd0 = z73 - z71;
        int odd1 = z51 - z53;
        int odd2 = x3 * F_3_072 - z53 + z73;
        int odd3 = x1 * F_1_501 - z71 + z51;

        out[target] = sample(first + even3 + odd3);
        out[target + 1] = sample(first + even2 + odd2);
        out[target + 2] = sample(first - even2 + odd1);
        out[target + 3] = sample(first - even3 + odd0);
        out[target + 4] = sample(first - even3 - odd0);
        out[target + 5] = sample(first - even2 - odd1);
        out[target + 6] = sample(first + even2 - odd2);
        out[target + 7] = sample(first + even3 - odd3);
    }
}
