package dev.mme5.engine.image.webp.vp8;

/**
 * The inverse transforms of VP8 (RFC 6386 section 14). Coefficients and sums of the cosine transform are 16 bits and wrap, as
 * they do in libwebp's vector code; the stream of an encoder never gets there, a damaged one can.
 */
final class Vp8Transform {
    /** sqrt(2) * cos(pi / 8) - 1 and sqrt(2) * sin(pi / 8), in units of 1/65536. */
    private static final int COSINE = 20091;
    private static final int SINE = 35468;

    private Vp8Transform() {}

    /** Adds the inverse cosine transform of 16 coefficients, row by row from an offset, to 4 x 4 samples. */
    static void addInverseDct(short[] in, int inOffset, byte[] samples, int offset, int stride, short[] work) {
        for (int i = 0; i < 4; i++) {
            int first = in[inOffset + i];
            int second = in[inOffset + 4 + i];
            int third = in[inOffset + 8 + i];
            int fourth = in[inOffset + 12 + i];
            int a = (short) (first + third);
            int b = (short) (first - third);
            int c = (short) (sine(second) - cosine(fourth));
            int d = (short) (cosine(second) + sine(fourth));
            work[4 * i] = (short) (a + d);
            work[4 * i + 1] = (short) (b + c);
            work[4 * i + 2] = (short) (b - c);
            work[4 * i + 3] = (short) (a - d);
        }
        for (int i = 0; i < 4; i++) {
            int first = work[i] + 4;
            int second = work[4 + i];
            int third = work[8 + i];
            int fourth = work[12 + i];
            int a = (short) (first + third);
            int b = (short) (first - third);
            int c = (short) (sine(second) - cosine(fourth));
            int d = (short) (cosine(second) + sine(fourth));
            int row = offset + i * stride;
            samples[row] = add(samples[row], (short) (a + d) >> 3);
            samples[row + 1] = add(samples[row + 1], (short) (b + c) >> 3);
            samples[row + 2] = add(samples[row + 2], (short) (b - c) >> 3);
            samples[row + 3] = add(samples[row + 3], (short) (a - d) >> 3);
        }
    }

    /** As {@link #addInverseDct} for a block of which only the first coefficient is not 0. */
    static void addDc(int coefficient, byte[] samples, int offset, int stride) {
        int dc = coefficient + 4 >> 3;
        for (int row = offset, i = 0; i < 4; i++, row += stride) {
            samples[row] = add(samples[row], dc);
            samples[row + 1] = add(samples[row + 1], dc);
            samples[row + 2] = add(samples[row + 2], dc);
            samples[row + 3] = add(samples[row + 3], dc);
        }
    }

    /** The inverse Walsh-Hadamard transform: 16 coefficients from an offset become the first ones of 16 blocks of 16. */
    static void inverseWht(short[] in, int inOffset, short[] out) {
        int[] columns = new int[16];
        for (int i = 0; i < 4; i++) {
            int a = in[inOffset + i] + in[inOffset + 12 + i];
            int b = in[inOffset + 4 + i] + in[inOffset + 8 + i];
            int c = in[inOffset + 4 + i] - in[inOffset + 8 + i];
            int d = in[inOffset + i] - in[inOffset + 12 + i];
            columns[i] = a + b;
            columns[4 + i] = d + c;
            columns[8 + i] = a - b;
            columns[12 + i] = d - c;
        }
        for (int i = 0; i < 4; i++) {
            int a = columns[4 * i] + columns[4 * i + 3] + 3;
            int b = columns[4 * i + 1] + columns[4 * i + 2];
            int c = columns[4 * i + 1] - columns[4 * i + 2];
            int d = columns[4 * i] - columns[4 * i + 3] + 3;
            int block = 64 * i;
            out[block] = (short) (a + b >> 3);
            out[block + 16] = (short) (d + c >> 3);
            out[block + 32] = (short) (a - b >> 3);
            out[block + 48] = (short) (d - c >> 3);
        }
    }

    private static int cosine(int v) {
        return v + (v * COSINE >> 16);
    }

    private static int sine(int v) {
        return v * SINE >> 16;
    }

    private static byte add(byte sample, int difference) {
        int sum = (sample & 0xff) + difference;
        if ((sum & ~0xff) != 0) sum = sum < 0 ? 0 : 255;
        return (byte) sum;
    }
}
