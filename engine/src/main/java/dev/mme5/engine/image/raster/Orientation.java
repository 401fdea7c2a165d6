package dev.mme5.engine.image.raster;

/**
 * How a picture must be turned to stand upright: the EXIF tag Orientation, 1 to 8.
 *
 * @param transposed whether rows and columns change places, before anything is mirrored
 * @param mirroredAcross whether left and right change places
 * @param mirroredDown whether top and bottom change places
 */
public record Orientation(boolean transposed, boolean mirroredAcross, boolean mirroredDown) {
    public static final Orientation UPRIGHT = new Orientation(false, false, false);

    private static final int TAG = 0x112;
    private static final int TYPE_SHORT = 3;
    private static final int TYPE_LONG = 4;

    /** By the value of the tag; any other than 2 to 8 is upright. */
    static Orientation of(int tag) {
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
     * The orientation that an Exif block names: a TIFF header and its first directory. A block that makes no sense counts as
     * upright, since the pixels are whole.
     *
     * @param from byte of the file where the TIFF header starts
     * @param length bytes of the block
     */
    public static Orientation ofExif(ImageBytes file, int from, int length) {
        boolean little = file.hasText(from, "II*\0");
        if (length < 8 || !little && !file.hasText(from, "MM\0*")) return UPRIGHT;
        long directory = u32(file, from + 4, little);
        if (directory + 2 > length) return UPRIGHT;
        int entries = u16(file, from + directory, little);
        for (int i = 0; i < entries; i++) {
            long at = directory + 2 + 12L * i;
            if (at + 12 > length) return UPRIGHT;
            if (u16(file, from + at, little) != TAG) continue;
            return switch (u16(file, from + at + 2, little)) {
                case TYPE_SHORT -> of(u16(file, from + at + 8, little));
                case TYPE_LONG -> of((int) Math.min(u32(file, from + at + 8, little), Integer.MAX_VALUE));
                default -> UPRIGHT;
            };
        }
        return UPRIGHT;
    }

    private static int u16(ImageBytes file, long at, boolean little) {
        return little ? file.u16LittleEndian(at) : file.u16BigEndian(at);
    }

    private static long u32(ImageBytes file, long at, boolean little) {
        return little ? file.u32LittleEndian(at) : file.u32BigEndian(at);
    }

    /** The picture, upright. */
    public RgbImage apply(RgbImage image) {
        if (equals(UPRIGHT)) return image;
        int width = transposed ? image.height() : image.width();
        int height = transposed ? image.width() : image.height();
        byte[] out = new byte[image.rgb().length];
        for (int y = 0; y < height; y++) {
            int v = mirroredDown ? height - 1 - y : y;
            for (int x = 0; x < width; x++) {
                int u = mirroredAcross ? width - 1 - x : x;
                int pixel = transposed ? u * image.width() + v : v * image.width() + u;
                System.arraycopy(image.rgb(), 3 * pixel, out, 3 * (y * width + x), 3);
            }
        }
        return new RgbImage(width, height, out);
    }
}
