package dev.mme5.engine.image.raster;

/** Composites transparent pixels over opaque white, as Pillow does for HF's convert_to_rgb (reference section 10.1). */
public final class WhiteBackground {
    private WhiteBackground() {}

    /**
     * One colour channel over white, in Pillow's fixed-point arithmetic.
     *
     * @param color 0 to 255
     * @param alpha 0 transparent, which gives white, to 255 opaque, which gives the colour itself
     */
    public static byte over(int color, int alpha) {
        int weight = alpha * 128;
        int sum = color * weight + 255 * (255 * 128 - weight) + (128 << 7);
        return (byte) ((((sum >> 8) + sum) >> 8) >> 7);
    }

    /** Writes one pixel, composited over white, as red, green, blue. */
    public static void put(int red, int green, int blue, int alpha, byte[] rgb, int offset) {
        rgb[offset] = over(red, alpha);
        rgb[offset + 1] = over(green, alpha);
        rgb[offset + 2] = over(blue, alpha);
    }
}
