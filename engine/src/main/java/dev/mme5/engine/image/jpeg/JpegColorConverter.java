package dev.mme5.engine.image.jpeg;

import dev.mme5.engine.image.jpeg.header.JpegColors;

/**
 * Rows of a JPEG's channels to rows of RGB: libjpeg's fixed-point YCbCr with 16 fraction bits, and Pillow's CMYK (reference
 * section 10.1).
 */
final class JpegColorConverter {
    private static final int FRACTION_BITS = 16;
    private static final int HALF = 1 << (FRACTION_BITS - 1);
    private static final int LEVELS = 256;

    private static final int[] RED_OF_CR = new int[LEVELS];
    private static final int[] GREEN_OF_CR = new int[LEVELS];
    private static final int[] GREEN_OF_CB = new int[LEVELS];
    private static final int[] BLUE_OF_CB = new int[LEVELS];

    /** Bytes of the values from -256 to 511. */
    private static final byte[] CLIPPED = new byte[3 * LEVELS];

    static {
        for (int i = 0; i < LEVELS; i++) {
            int chroma = i - 128;
            RED_OF_CR[i] = fixed(1.40200) * chroma + HALF >> FRACTION_BITS;
            BLUE_OF_CB[i] = fixed(1.77200) * chroma + HALF >> FRACTION_BITS;
            GREEN_OF_CR[i] = -fixed(0.71414) * chroma;
            GREEN_OF_CB[i] = -fixed(0.34414) * chroma + HALF;
        }
        for (int i = 0; i < CLIPPED.length; i++) CLIPPED[i] = (byte) Math.clamp(i - LEVELS, 0, LEVELS - 1);
    }

    private final JpegColors colors;
    private final int width;
    private final Upsampling[] channels;

    /** @param channels whose current rows are converted */
    JpegColorConverter(JpegColors colors, int width, Upsampling[] channels) {
        this.colors = colors;
        this.width = width;
        this.channels = channels;
    }

    private static int fixed(double factor) {
        return (int) (factor * (1 << FRACTION_BITS) + 0.5);
    }

    /** Writes one row of RGB. */
    void convertRow(byte[] rgb, int offset) {
        switch (colors) {
            case GRAY -> grayToRgb(rgb, offset);
            case RGB -> copyRgb(rgb, offset);
            case YCC -> yccToRgb(rgb, offset);
            case CMYK, YCCK -> cmykToRgb(rgb, offset);
        }
    }

    private void grayToRgb(byte[] rgb, int offset) {
        byte[] gray = channels[0].row();
        int from = channels[0].rowOffset();
        for (int x = 0, at = offset; x < width; x++, at += 3) {
            byte value = gray[from + x];
            rgb[at] = value;
            rgb[at + 1] = value;
            rgb[at + 2] = value;
        }
    }

    private void copyRgb(byte[] rgb, int offset) {
        for (int c = 0; c < 3; c++) {
            byte[] row = channels[c].row();
            int from = channels[c].rowOffset();
            for (int x = 0; x < width; x++) rgb[offset + 3 * x + c] = row[from + x];
        }
    }

    private void yccToRgb(byte[] rgb, int offset) {
        byte[] lumas = channels[0].row();
        byte[] blues = channels[1].row();
        byte[] reds = channels[2].row();
        int lumaOffset = channels[0].rowOffset();
        int blueOffset = channels[1].rowOffset();
        int redOffset = channels[2].rowOffset();
        for (int x = 0, at = offset; x < width; x++, at += 3) {
            int luma = LEVELS + (lumas[lumaOffset + x] & 0xff);
            int cb = blues[blueOffset + x] & 0xff;
            int cr = reds[redOffset + x] & 0xff;
            rgb[at] = CLIPPED[luma + RED_OF_CR[cr]];
            rgb[at + 1] = CLIPPED[luma + (GREEN_OF_CB[cb] + GREEN_OF_CR[cr] >> FRACTION_BITS)];
            rgb[at + 2] = CLIPPED[luma + BLUE_OF_CB[cb]];
        }
    }

    /**
     * Pillow takes every CMYK JPEG as Adobe's, in which 255 means no ink, whether marked so or not. In YCCK the first three
     * channels are YCC of the complements of cyan, magenta and yellow.
     */
    private void cmykToRgb(byte[] rgb, int offset) {
        int complement = 0;
        if (colors == JpegColors.YCCK) {
            yccToRgb(rgb, offset);
            complement = 0xff;
        } else {
            copyRgb(rgb, offset);
        }
        byte[] black = channels[3].row();
        int from = channels[3].rowOffset();
        for (int x = 0, at = offset; x < width; x++) {
            int light = black[from + x] & 0xff;
            for (int c = 0; c < 3; c++, at++) {
                int ink = 255 - (rgb[at] & 0xff ^ complement);
                int product = ink * light + 128;
                rgb[at] = CLIPPED[LEVELS + light - (product + (product >> 8) >> 8)];
            }
        }
    }
}
