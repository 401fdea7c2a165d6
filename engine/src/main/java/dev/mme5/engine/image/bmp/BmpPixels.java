package dev.mme5.engine.image.bmp;

import dev.mme5.engine.image.raster.ImageBytes;
import dev.mme5.engine.image.raster.Palette;
import dev.mme5.engine.image.raster.WhiteBackground;
import java.util.Arrays;

/** Reads one pixel of an uncompressed bitmap. */
@FunctionalInterface
interface BmpPixels {
    /**
     * Writes a pixel as red, green, blue.
     *
     * @param row offset in the file of the pixel's row
     * @param x position in the row
     * @param rgb receives three bytes
     * @param offset of the first of them
     */
    void put(int row, int x, byte[] rgb, int offset);

    static BmpPixels indexed(ImageBytes file, int bits, Palette palette) {
        int perByte = 8 / bits;
        int mask = (1 << bits) - 1;
        return (row, x, rgb, offset) -> {
            int value = file.bytes()[row + x / perByte] >> (perByte - 1 - x % perByte) * bits & mask;
            palette.copy(value, rgb, offset);
        };
    }

    /** @param opaque whether alpha is ignored */
    static BmpPixels packed(ImageBytes file, BmpHeader header, boolean opaque) {
        int bits = header.bits();
        if (bits != 16 && bits != 24 && bits != 32) throw header.unsupported(file);
        long[] masks = header.compression() == BmpHeader.MASKED ? masks(file, header) : null;
        if (bits == 16) return packed16(file, masks);
        int bytes = bits / 8;
        int[] channels = masks == null ? new int[] {2, 1, 0, -1} : channels(file, masks, bytes);
        int alphaByte = opaque ? -1 : channels[3];
        return (row, x, rgb, offset) -> {
            byte[] in = file.bytes();
            int pixel = row + x * bytes;
            int alpha = alphaByte < 0 ? 255 : in[pixel + alphaByte] & 0xff;
            for (int c = 0; c < 3; c++) rgb[offset + c] = WhiteBackground.over(in[pixel + channels[c]] & 0xff, alpha);
        };
    }

    /** Masks of red, green, blue, alpha; they follow the shortest header and are part of the longer ones. */
    private static long[] masks(ImageBytes file, BmpHeader header) {
        long[] masks = new long[4];
        int offset = header.start() + 40;
        boolean hasAlpha = header.length() >= 56;
        for (int i = 0; i < (hasAlpha ? 4 : 3); i++) masks[i] = file.u32LittleEndian(offset + 4L * i);
        return masks;
    }

    /** The byte of a pixel that each mask selects, or -1. */
    private static int[] channels(ImageBytes file, long[] masks, int bytes) {
        int[] channels = {2, 1, 0, 3};
        if (bytes == 4 && Arrays.equals(masks, new long[4])) return channels; // some programs write it, and Pillow reads it so
        for (int i = 0; i < 4; i++) {
            if (i == 3 && bytes == 3) masks[i] = 0;
            channels[i] = masks[i] == 0 ? -1 : Long.numberOfTrailingZeros(masks[i]) / 8;
            boolean wholeByte = masks[i] == 0 ? i == 3 : masks[i] == 0xffL << 8 * channels[i] && channels[i] < bytes;
            if (!wholeByte) throw file.unsupported("BMP with the mask 0x%08x is not supported".formatted(masks[i]));
        }
        return channels;
    }

    private static BmpPixels packed16(ImageBytes file, long[] masks) {
        boolean sixGreen = masks != null && masks[0] == 0xf800 && masks[1] == 0x7e0 && masks[2] == 0x1f;
        boolean fiveGreen = masks == null || masks[0] == 0x7c00 && masks[1] == 0x3e0 && masks[2] == 0x1f;
        if (!sixGreen && !fiveGreen) {
            throw file.unsupported("BMP with 16 bits and the red mask 0x%x is not supported".formatted(masks[0]));
        }
        int greenBits = sixGreen ? 6 : 5;
        int greens = (1 << greenBits) - 1;
        return (row, x, rgb, offset) -> {
            int value = file.u16LittleEndian(row + 2L * x);
            rgb[offset] = (byte) ((value >> 5 + greenBits & 31) * 255 / 31);
            rgb[offset + 1] = (byte) ((value >> 5 & greens) * 255 / greens);
            rgb[offset + 2] = (byte) ((value & 31) * 255 / 31);
        };
    }
}
