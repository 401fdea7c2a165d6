package dev.mme5.engine.image.jpeg;

import dev.mme5.engine.image.jpeg.entropy.Zigzag;
import java.util.Arrays;

/**
 * The inverse DCT of a block with the integer arithmetic of libjpeg's "slow" method: the algorithm of Loeffler, Ligtenberg and
 * Moschytz (ICASSP 1989) with constants of 13 fraction bits; columns first, whose results keep 2 fraction bits.
 *
 * <p>Sums that only damaged files reach wrap or saturate at 16 bits, as in libjpeg-turbo's vector code on x86.
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

    private final int[] workspace = new int[Zigzag.BLOCK];

    private static int fixed(double value) {
        return (int) (value * (1 << CONSTANT_BITS) + 0.5);
    }

    /**
     * Transforms a block to 8 x 8 samples.
     *
     * @param coefficients in natural order, from an offset on
     * @param last zigzag index of the last coefficient that may differ from zero
     * @param quantization factors in natural order
     * @param stride samples from one row to the next
     */
    void transform(short[] coefficients, int offset, int last, int[] quantization, byte[] samples, int sampleOffset, int stride) {
        if (last == 0) {
            fill((short) (coefficients[offset] * quantization[0]), samples, sampleOffset, stride);
            return;
        }
        int columns = Zigzag.lastColumn(last) < 4 ? 4 : 8;
        int lowerRows = 0;
        for (int c = 0; c < columns; c++) lowerRows |= transformColumn(coefficients, offset + c, quantization, c);
        if (lowerRows == 0) wrapFirstRow(coefficients, offset, quantization, columns);
        for (int row = 0; row < 8; row++) {
            if (columns == 4) {
                transformHalfRow(8 * row);
            } else {
                transformRow(8 * row);
            }
            int target = sampleOffset + row * stride;
            for (int i = 0; i < 8; i++) samples[target + i] = sample(workspace[8 * row + i]);
        }
    }

    /** All samples of a block without AC coefficients are equal. */
    private static void fill(int dc, byte[] samples, int offset, int stride) {
        byte value = sample((short) (dc << PASS1_BITS) + (1 << PASS1_BITS + 2) >> PASS1_BITS + 3);
        for (int row = 0; row < 8; row++) Arrays.fill(samples, offset + row * stride, offset + row * stride + 8, value);
    }

    private static byte sample(int value) {
        return (byte) (Math.min(Math.max(value, -CENTER), CENTER - 1) + CENTER);
    }

    private static int saturated(int value) {
        return Math.min(Math.max(value, Short.MIN_VALUE), Short.MAX_VALUE);
    }

    /** Returns 0 if only the first row of the column differs from zero. */
    private int transformColumn(short[] coefficients, int offset, int[] quantization, int column) {
        int c1 = coefficients[offset + 8];
        int c2 = coefficients[offset + 16];
        int c3 = coefficients[offset + 24];
        int c4 = coefficients[offset + 32];
        int c5 = coefficients[offset + 40];
        int c6 = coefficients[offset + 48];
        int c7 = coefficients[offset + 56];
        int x0 = (short) (coefficients[offset] * quantization[column]);
        int lowerRows = c1 | c2 | c3 | c4 | c5 | c6 | c7;
        if (lowerRows == 0) {
            int value = saturated(x0 << PASS1_BITS);
            for (int row = 0; row < 8; row++) workspace[8 * row + column] = value;
            return 0;
        }
        int x1 = (short) (c1 * quantization[column + 8]);
        int x2 = (short) (c2 * quantization[column + 16]);
        int x3 = (short) (c3 * quantization[column + 24]);
        int x4 = (short) (c4 * quantization[column + 32]);
        int x5 = (short) (c5 * quantization[column + 40]);
        int x6 = (short) (c6 * quantization[column + 48]);
        int x7 = (short) (c7 * quantization[column + 56]);
        pass(x0, x1, x2, x3, x4, x5, x6, x7, PASS1_HALF, PASS1_SHIFT, column, 8);
        for (int i = column; i < Zigzag.BLOCK; i += 8) workspace[i] = saturated(workspace[i]);
        return lowerRows;
    }

    /** The vector code has a short cut here, which wraps where the general way saturates. */
    private void wrapFirstRow(short[] coefficients, int offset, int[] quantization, int columns) {
        for (int c = 0; c < columns; c++) {
            int value = (short) (coefficients[offset + c] * quantization[c] << PASS1_BITS);
            for (int row = 0; row < 8; row++) workspace[8 * row + c] = value;
        }
    }

    private void transformRow(int at) {
        int[] w = workspace;
        pass(w[at], w[at + 1], w[at + 2], w[at + 3], w[at + 4], w[at + 5], w[at + 6], w[at + 7], PASS2_HALF, PASS2_SHIFT, at, 1);
    }

    /** One-dimensional transform of 8 values into the workspace, from an offset on in steps. */
    private void pass(int x0, int x1, int x2, int x3, int x4, int x5, int x6, int x7, int half, int shift, int at, int step) {
        int even1 = (x2 + x6) * F_0_541;
        int even2 = even1 - x6 * F_1_847;
        int even3 = even1 + x2 * F_0_765;
        int sum = ((short) (x0 + x4) << CONSTANT_BITS) + half;
        int difference = ((short) (x0 - x4) << CONSTANT_BITS) + half;

        int odd3 = (short) (x7 + x3);
        int odd4 = (short) (x5 + x1);
        int odd5 = (odd3 + odd4) * F_1_175;
        int z1 = (x7 + x1) * -F_0_899;
        int z2 = (x5 + x3) * -F_2_562;
        int z3 = odd5 - odd3 * F_1_961;
        int z4 = odd5 - odd4 * F_0_390;
        int out0 = x7 * F_0_298 + z1 + z3;
        int out1 = x5 * F_2_053 + z2 + z4;
        int out2 = x3 * F_3_072 + z2 + z3;
        int out3 = x1 * F_1_501 + z1 + z4;

        int[] w = workspace;
        w[at] = sum + even3 + out3 >> shift;
        w[at + step] = difference + even2 + out2 >> shift;
        w[at + 2 * step] = difference - even2 + out1 >> shift;
        w[at + 3 * step] = sum - even3 + out0 >> shift;
        w[at + 4 * step] = sum - even3 - out0 >> shift;
        w[at + 5 * step] = difference - even2 - out1 >> shift;
        w[at + 6 * step] = difference + even2 - out2 >> shift;
        w[at + 7 * step] = sum + even3 - out3 >> shift;
    }

    /** The same for a row whose right half is zero, the most frequent kind. */
    private void transformHalfRow(int at) {
        int[] w = workspace;
        int x1 = w[at + 1];
        int x2 = w[at + 2];
        int x3 = w[at + 3];
        int first = (w[at] << CONSTANT_BITS) + PASS2_HALF;
        int even2 = x2 * F_0_541;
        int even3 = x2 * (F_0_541 + F_0_765);
        int odd5 = (x3 + x1) * F_1_175;
        int z1 = x1 * -F_0_899;
        int z2 = x3 * -F_2_562;
        int z3 = odd5 - x3 * F_1_961;
        int z4 = odd5 - x1 * F_0_390;
        int out0 = z1 + z3;
        int out1 = z2 + z4;
        int out2 = x3 * F_3_072 + z2 + z3;
        int out3 = x1 * F_1_501 + z1 + z4;

        w[at] = first + even3 + out3 >> PASS2_SHIFT;
        w[at + 1] = first + even2 + out2 >> PASS2_SHIFT;
        w[at + 2] = first - even2 + out1 >> PASS2_SHIFT;
        w[at + 3] = first - even3 + out0 >> PASS2_SHIFT;
        w[at + 4] = first - even3 - out0 >> PASS2_SHIFT;
        w[at + 5] = first - even2 - out1 >> PASS2_SHIFT;
        w[at + 6] = first + even2 - out2 >> PASS2_SHIFT;
        w[at + 7] = first + even3 - out3 >> PASS2_SHIFT;
    }
}
