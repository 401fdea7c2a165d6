package dev.mme5.engine.image.raster;

/**
 * How an image must be rotated or mirrored to be upright: the Exif tag Orientation, 1 to 8.
 *
 * <p>{@link ExifOrientation} and {@link XmpOrientation} find it in a file's metadata.
 *
 * @param transposed whether rows and columns are swapped, before any mirroring
 * @param flippedHorizontally whether left and right are swapped
 * @param flippedVertically whether top and bottom are swapped
 */
public record Orientation(boolean transposed, boolean flippedHorizontally, boolean flippedVertically) {
    public static final Orientation UPRIGHT = new Orientation(false, false, false);

    /** By the value of the tag; any other than 2 to 8 is upright. */
    public static Orientation of(int tag) {
        return switch (tag) {
            case 2 -> new Orientation(false, true, false);
            case 3 -> new Orientation(false, true, true);
            case 4 -> new Orientation(false, false, true);
            case 5 -> new Orientation(true, false, false);
            case 6 -> new Orientation(true, true, false);
            case 7 -> new Orientation(true, true, true);
            case 8 -> new Orientation(true, false, true);
            default -> UPRIGHT;
        };
    }

    /**
     * The orientation that Pillow's {@code ImageOps.exif_transpose} applies: that of Exif, else that of XMP, else upright.
     *
     * @param exif from {@link ExifOrientation}, or null
     * @param xmp from {@link XmpOrientation}, or null
     */
    public static Orientation firstOf(Orientation exif, Orientation xmp) {
        if (exif != null) return exif;
        return xmp != null ? xmp : UPRIGHT;
    }

    /** Bytes that {@link #apply} takes for an image of that many. */
    public long bytes(long rgbBytes) {
        return equals(UPRIGHT) ? 0 : rgbBytes;
    }

    /** The upright image. */
    public RgbImage apply(RgbImage image) {
        if (equals(UPRIGHT)) return image;
        int width = transposed ? image.height() : image.width();
        int height = transposed ? image.width() : image.height();
        byte[] out = new byte[image.rgb().length];
        for (int y = 0; y < height; y++) {
            int v = flippedVertically ? height - 1 - y : y;
            for (int x = 0; x < width; x++) {
                int u = flippedHorizontally ? width - 1 - x : x;
                int pixel = transposed ? u * image.width() + v : v * image.width() + u;
                System.arraycopy(image.rgb(), 3 * pixel, out, 3 * (y * width + x), 3);
            }
        }
        return new RgbImage(width, height, out);
    }
}
