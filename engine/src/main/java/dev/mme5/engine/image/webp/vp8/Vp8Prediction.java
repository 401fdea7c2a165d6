package dev.mme5.engine.image.webp.vp8;

import java.util.Arrays;

/** Prediction of whole blocks, 16 x 16 luma or 8 x 8 chroma, from the row above and the column to the left (RFC 6386 section 12.2). */
final class Vp8Prediction {
    static final int DC = 0;
    static final int VERTICAL = 1;
    static final int HORIZONTAL = 2;
    static final int TRUE_MOTION = 3;

    private Vp8Prediction() {}

    /**
     * Writes the prediction of one block.
     *
     * @param mode DC, VERTICAL, HORIZONTAL or TRUE_MOTION
     * @param offset of the block's first sample
     * @param log2Size 4 for luma, 3 for chroma
     */
    static void predict(int mode, Plane plane, int offset, int log2Size, boolean hasAbove, boolean hasLeft) {
        byte[] samples = plane.samples;
        int size = 1 << log2Size;
        int above = offset - plane.stride;
        switch (mode) {
            case DC -> fill(plane, offset, size, dc(plane, offset, log2Size, hasAbove, hasLeft));
            case VERTICAL -> {
                for (int y = 0; y < size; y++) System.arraycopy(samples, above, samples, offset + y * plane.stride, size);
            }
            case HORIZONTAL -> {
                for (int y = 0; y < size; y++) {
                    int row = offset + y * plane.stride;
                    Arrays.fill(samples, row, row + size, samples[row - 1]);
                }
            }
            default -> trueMotion(plane, offset, size);
        }
    }

    /** Each sample is left + above - above left. */
    static void trueMotion(Plane plane, int offset, int size) {
        byte[] samples = plane.samples;
        int above = offset - plane.stride;
        int corner = samples[above - 1] & 0xff;
        for (int y = 0; y < size; y++) {
            int row = offset + y * plane.stride;
            int difference = (samples[row - 1] & 0xff) - corner;
            for (int x = 0; x < size; x++) {
                samples[row + x] = (byte) Math.max(0, Math.min(255, (samples[above + x] & 0xff) + difference));
            }
        }
    }

    private static byte dc(Plane plane, int offset, int log2Size, boolean hasAbove, boolean hasLeft) {
        if (!hasAbove && !hasLeft) return (byte) 128;
        int size = 1 << log2Size;
        int sum = 0;
        for (int i = 0; i < size; i++) {
            if (hasAbove) sum += plane.samples[offset - plane.stride + i] & 0xff;
            if (hasLeft) sum += plane.samples[offset + i * plane.stride - 1] & 0xff;
        }
        int shift = hasAbove && hasLeft ? log2Size + 1 : log2Size;
        return (byte) (sum + (1 << shift - 1) >> shift);
    }

    private static void fill(Plane plane, int offset, int size, byte value) {
        for (int y = 0; y < size; y++) {
            int row = offset + y * plane.stride;
            Arrays.fill(plane.samples, row, row + size, value);
        }
    }
}
