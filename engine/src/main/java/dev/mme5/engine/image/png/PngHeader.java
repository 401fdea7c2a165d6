package dev.mme5.engine.image.png;

import dev.mme5.engine.image.raster.ImageBytes;

/**
 * The IHDR chunk of a PNG.
 *
 * @param width pixels in a row
 * @param height rows
 * @param bitDepth bits of a sample
 * @param kind what a pixel's samples are
 * @param interlaced whether the rows come in the seven passes of Adam7
 */
record PngHeader(int width, int height, int bitDepth, Kind kind, boolean interlaced) {
    /** The colour types, with the number that stands for them in the file. */
    enum Kind {
        GREY(0, 1, 1, 16),
        RGB(2, 3, 8, 16),
        PALETTE(3, 1, 1, 8),
        GREY_ALPHA(4, 2, 8, 16),
        RGB_ALPHA(6, 4, 8, 16);

        private final int number;
        private final int samples;
        private final int leastDepth;
        private final int mostDepth;

        Kind(int number, int samples, int leastDepth, int mostDepth) {
            this.number = number;
            this.samples = samples;
            this.leastDepth = leastDepth;
            this.mostDepth = mostDepth;
        }

        private static Kind of(ImageBytes file, int number) {
            for (Kind kind : values()) if (kind.number == number) return kind;
            throw file.damaged("IHDR: colour type " + number);
        }

        private boolean allows(int depth) {
            return depth >= leastDepth && depth <= mostDepth && Integer.bitCount(depth) == 1;
        }
    }

    static final int LENGTH = 13;

    /** Reads the chunk's data, which start at a byte of the file, and refuses a size beyond the limit. */
    static PngHeader read(ImageBytes file, int at) {
        long width = file.u32BigEndian(at);
        long height = file.u32BigEndian(at + 4);
        int depth = file.u8(at + 8);
        Kind kind = Kind.of(file, file.u8(at + 9));
        if (!kind.allows(depth)) throw file.damaged("IHDR: bit depth %d with colour type %d".formatted(depth, kind.number));
        for (int i = 10; i < 12; i++) {
            if (file.u8(at + i) != 0) throw file.damaged("IHDR: unknown compression or filter method " + file.u8(at + i));
        }
        int interlace = file.u8(at + 12);
        if (interlace > 1) throw file.damaged("IHDR: unknown interlace method " + interlace);
        file.requireSize(width, height);
        return new PngHeader((int) width, (int) height, depth, kind, interlace == 1);
    }

    int bitsPerPixel() {
        return bitDepth * kind.samples;
    }

    /** Bytes of a row of so many pixels, without the filter byte. */
    int rowBytes(int pixels) {
        return Math.toIntExact(((long) pixels * bitsPerPixel() + 7) / 8);
    }
}
