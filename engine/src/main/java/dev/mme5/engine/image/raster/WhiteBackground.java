package dev.mme5.engine.image.raster;

/** Transparent pixels over opaque white, as HF's convert_to_rgb lets Pillow do it (reference section 10.1). */
public final class WhiteBackground {
    private WhiteBackground() {}

    /**
     * One colour over white, in Pillow's fixed-point arithmetic.
     *
     * @param colour 0 to 255
     * @param alpha 0 transparent, which gives white, to 255 opaque, which gives the colour itself
     */
    public static byte over(int colour, int alpha) {
        int weight = alpha * 128;
        int sum = colour * weight + 255 * (255 * 128 - weight) + (128 << 7);
        return (byte) ((((sum >> 8) + sum) >> 8) >> 7);
    }

    /** Writes one pixel, over white, as red, green, blue. */
    public static void put(int red, int green, int blue, int alpha, byte[] rgb, int at) {
        rgb[at] = over(red, alpha);
        rgb[at + 1] = over(green, alpha);
        rgb[at + 2] = over(blue, alpha);
    }
}
