package dev.mme5.engine.image.webp.vp8l;

import dev.mme5.engine.image.raster.ImageBytes;

/**
 * The first five bytes of a lossless image (RFC 9649 section 3.4).
 *
 * @param alpha whether the image says that its alpha matters
 */
public record Vp8lHeader(int width, int height, boolean alpha) {
    static final int BYTES = 5;

    private static final int SIGNATURE = 0x2f;
    private static final int SIZE_BITS = 14;
    private static final int SIZE_MASK = (1 << SIZE_BITS) - 1;

    /**
     * Reads and checks it.
     *
     * @param from byte of the file where the image starts
     * @param end the byte after it
     */
    public static Vp8lHeader read(ImageBytes file, int from, int end) {
        if (end - from < BYTES) throw file.damaged("its VP8L header is cut off");
        if (file.u8(from) != SIGNATURE) throw file.damaged("the VP8L signature is missing");
        long bits = file.u32LittleEndian(from + 1);
        int version = (int) (bits >> 29);
        if (version != 0) throw file.damaged("VP8L version %d, expected 0".formatted(version));
        return new Vp8lHeader(1 + (int) (bits & SIZE_MASK), 1 + (int) (bits >> SIZE_BITS & SIZE_MASK), (bits >> 28 & 1) != 0);
    }
}
