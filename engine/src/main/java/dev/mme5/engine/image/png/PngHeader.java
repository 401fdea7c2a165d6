package dev.mme5.engine.image.png;

import dev.mme5.engine.image.raster.ImageBytes;

/**
 * The IHDR chunk of a PNG.
 *
 * @param width pixels in a row
 * @param height rows
 * @param bitDepth bits of a sample
 * @param type the samples of a pixel
 * @param interlaced whether the rows come in the seven passes of Adam7
 */
record PngHeader(int width, int height, int bitDepth, ColorType type, boolean interlaced) {
    /** The colour types, with their numbers in the file. */
    enum ColorType {
        GRAY(0, 1, 1, 16),
        RGB(2, 3, 8, 16),
        PALETTE(3, 1, 1, 8),
        GRAY_ALPHA(4, 2, 8, 16),
        RGB_ALPHA(6, 4, 8, 16);

        private final int number;
        private final int samples;
        private final int minDepth;
        private final int maxDepth;

        ColorType(int number, int samples, int minDepth, int maxDepth) {
            this.number = number;
            this.samples = samples;
            this.minDepth = minDepth;
            this.maxDepth = maxDepth;
        }

        private static ColorType of(ImageBytes file, int number) {
            for (ColorType type : values()) if (type.number == number) return type;
            throw file.damaged("IHDR: colour type " + number);
        }

        private boolean allows(int depth) {
            return depth >= minDepth && depth <= maxDepth && Integer.bitCount(depth) == 1;
        }
    }

    static final int LENGTH = 13;

    /** Reads the chunk's data at an offset of the file and refuses a size beyond the limit. */
    static PngHeader read(ImageBytes file, int offset) {
        long width = file.u32BigEndian(offset);
        long height = file.u32BigEndian(offset + 4);
        int depth = file.u8(offset + 8);
        ColorType type = ColorType.of(file, file.u8(offset + 9));
        if (!type.allows(depth)) throw file.damaged("IHDR: bit depth %d with colour type %d".formatted(depth, type.number));
        for (int i = 10; i < 12; i++) {
            if (file.u8(offset + i) != 0) throw file.damaged("IHDR: unknown compression or filter method " + file.u8(offset + i));
        }
        int interlace = file.u8(offset + 12);
        if (interlace > 1) throw file.damaged("IHDR: unknown interlace method " + interlace);
        file.requireSize(width, height);
        return new PngHeader((int) width, (int) height, depth, type, interlace == 1);
    }

    int bitsPerPixel() {
        return bitDepth * type.samples;
    }

    /** Bytes of a row of this many pixels, without the filter byte. */
    int rowBytes(int pixels) {
        return Math.toIntExact(((long) pixels * bitsPerPixel() + 7) / 8);
    }
}
