package dev.mme5.engine.image.tiff;

import dev.mme5.engine.image.raster.ImageBytes;

/**
 * YCbCr to RGB in the fixed-point arithmetic of libtiff, with the file's own coefficients and reference levels (TIFF 6.0,
 * section 21).
 */
final class YcbcrConverter implements TiffPixels {
    private static final int FRACTION_BITS = 16;
    private static final int HALF = 1 << FRACTION_BITS - 1;

    private final int[] luma = new int[256];
    private final int[] redOfCr = new int[256];
    private final int[] greenOfCr = new int[256];
    private final int[] greenOfCb = new int[256];
    private final int[] blueOfCb = new int[256];

    /**
     * @param weights of red, green and blue in the luma
     * @param levels of black and white for Y, Cb and Cr
     */
    private YcbcrConverter(float[] weights, float[] levels) {
        float red = 2 - 2 * weights[0];
        float blue = 2 - 2 * weights[2];
        int redFactor = fixed(red);
        int crFactor = -fixed(weights[0] * red / weights[1]);
        int blueFactor = fixed(blue);
        int cbFactor = -fixed(weights[2] * blue / weights[1]);
        for (int i = 0; i < 256; i++) {
            int centered = i - 128;
            int cr = level(centered, levels[4] - 128, levels[5] - 128, 127);
            int cb = level(centered, levels[2] - 128, levels[3] - 128, 127);
            redOfCr[i] = redFactor * cr + HALF >> FRACTION_BITS;
            blueOfCb[i] = blueFactor * cb + HALF >> FRACTION_BITS;
            greenOfCr[i] = crFactor * cr;
            greenOfCb[i] = cbFactor * cb + HALF;
            luma[i] = level(i, levels[0], levels[1], 255);
        }
    }

    static YcbcrConverter of(ImageBytes file, TiffDirectory tags) {
        float[] weights = tags.fractions(TiffTags.YCBCR_COEFFICIENTS, 0.299f, 0.587f, 0.114f);
        float[] levels = tags.fractions(TiffTags.REFERENCE_BLACK_WHITE, 0, 255, 128, 255, 128, 255);
        if (weights[1] == 0) throw file.damaged("its YCbCr coefficients give green no weight");
        return new YcbcrConverter(weights, levels);
    }

    private static int fixed(float factor) {
        return (int) (Math.clamp(factor, 0f, 2f) * (1 << FRACTION_BITS) + 0.5);
    }

    private static int level(int code, float black, float white, int range) {
        float span = white - black != 0 ? white - black : 1;
        return (int) Math.clamp((code - (int) black) * (float) range / span, -128f * 32, 128f * 32);
    }

    @Override
    public void put(byte[] row, int pixels, byte[] rgb, int offset) {
        for (int i = 0; i < pixels; i++) {
            put(row[3 * i] & 0xff, row[3 * i + 1] & 0xff, row[3 * i + 2] & 0xff, rgb, offset + 3 * i);
        }
    }

    /** Writes one pixel. */
    void put(int y, int cb, int cr, byte[] rgb, int offset) {
        rgb[offset] = (byte) Math.clamp(luma[y] + redOfCr[cr], 0, 255);
        rgb[offset + 1] = (byte) Math.clamp(luma[y] + (greenOfCb[cb] + greenOfCr[cr] >> FRACTION_BITS), 0, 255);
        rgb[offset + 2] = (byte) Math.clamp(luma[y] + blueOfCb[cb], 0, 255);
    }
}
