package dev.mme5.engine.image.raster;

/**
 * A decoded image: 8-bit red, green and blue, opaque.
 *
 * @param width pixels in a row, at least 1
 * @param height rows, at least 1
 * @param rgb unsigned bytes [height, width, 3]; shared, not copied
 */
public record RgbImage(int width, int height, byte[] rgb) {
    public RgbImage {
        if (width < 1 || height < 1 || rgb.length != 3L * width * height) {
            throw new IllegalArgumentException(
                    "%d x %d pixels of 3 bytes do not make %d bytes".formatted(width, height, rgb.length));
        }
    }
}
