package dev.mme5.engine.image.ico;

import dev.mme5.engine.image.bmp.BmpDecoder;
import dev.mme5.engine.image.png.PngDecoder;
import dev.mme5.engine.image.raster.HeapLimit;
import dev.mme5.engine.image.raster.ImageBytes;
import dev.mme5.engine.image.raster.RgbImage;
import dev.mme5.engine.image.raster.WhiteBackground;
import java.util.Arrays;

/**
 * The largest image of a Windows icon; of several as large the one that Pillow takes, which has the fewest colours. It is a PNG, or
 * a bitmap with a mask: its fourth bytes if the icon's directory says 32 bits, else one bit a pixel at the end of the entry.
 */
public final class IcoDecoder {
    private static final int HEADER = 6;
    private static final int ENTRY = 16;

    /** An image of the icon, by the directory. */
    private record Entry(int pixels, int colorDepth, int bits, long size, long offset) {
        boolean isBetterThan(Entry other) {
            return other == null || pixels > other.pixels || pixels == other.pixels && colorDepth < other.colorDepth;
        }
    }

    private final ImageBytes file;

    private IcoDecoder(ImageBytes file) {
        this.file = file;
    }

    public static RgbImage decode(ImageBytes file) {
        return new IcoDecoder(file).decode();
    }

    private RgbImage decode() {
        Entry entry = largest();
        file.require(entry.offset(), 8);
        if (file.hasText(entry.offset(), "\u0089PNG\r\n\u001a\n")) {
            HeapLimit beside = needed -> file.heap().free(file.length() + needed) - file.length();
            file.requireHeap(2L * file.length());
            byte[] png = Arrays.copyOfRange(file.bytes(), (int) entry.offset(), file.length());
            return new PngDecoder(new ImageBytes(file.name(), png, file.maxPixels(), beside), false).decode();
        }
        RgbImage image = BmpDecoder.decodeIcon(file, (int) entry.offset());
        if (entry.bits() == 32) {
            applyAlpha(image, BmpDecoder.firstIconPixel(file, (int) entry.offset()));
        } else {
            applyMask(image, entry);
        }
        return image;
    }

    private Entry largest() {
        int count = file.u16LittleEndian(4);
        if (count == 0) throw file.damaged("the icon has no image");
        Entry best = null;
        for (int i = 0; i < count; i++) {
            int offset = HEADER + ENTRY * i;
            file.require(offset, ENTRY);
            int width = file.u8(offset) == 0 ? 256 : file.u8(offset);
            int height = file.u8(offset + 1) == 0 ? 256 : file.u8(offset + 1);
            int bits = file.u16LittleEndian(offset + 6);
            Entry entry = new Entry(width * height, colorDepth(bits, file.u8(offset + 2)), bits, file.u32LittleEndian(offset + 8),
                    file.u32LittleEndian(offset + 12));
            if (entry.isBetterThan(best)) best = entry;
        }
        return best;
    }

    /** Bits of a pixel, else those that this many colours need; 256 if neither is known. */
    private static int colorDepth(int bits, int colors) {
        if (bits != 0) return bits;
        int needed = colors == 0 ? 0 : 32 - Integer.numberOfLeadingZeros(colors - 1);
        return needed == 0 ? 256 : needed;
    }

    /** The fourth byte of each pixel, from the bottom row up, is alpha. */
    private void applyAlpha(RgbImage image, long first) {
        int width = image.width();
        file.require(first, 4L * width * image.height());
        for (int i = 0; i < width * image.height(); i++) {
            fade(image, i, file.u8(first + 4L * i + 3));
        }
    }

    /** Rows of one bit a pixel, padded to 4 bytes, from the bottom row up; 1 is transparent. */
    private void applyMask(RgbImage image, Entry entry) {
        int width = image.width();
        long rowBytes = (width + 31) / 32 * 4L;
        long first = entry.offset() + entry.size() - rowBytes * image.height();
        if (first < 0) throw file.damaged("the icon has no mask");
        file.require(first, rowBytes * image.height());
        for (int i = 0; i < width * image.height(); i++) {
            int x = i % width;
            int bit = file.u8(first + i / width * rowBytes + x / 8) >> 7 - x % 8 & 1;
            fade(image, i, bit == 0 ? 255 : 0);
        }
    }

    /** @param fromBottom number of the pixel, counted from the start of the lowest row */
    private static void fade(RgbImage image, int fromBottom, int alpha) {
        int y = image.height() - 1 - fromBottom / image.width();
        int pixel = 3 * (y * image.width() + fromBottom % image.width());
        byte[] rgb = image.rgb();
        WhiteBackground.put(rgb[pixel] & 0xff, rgb[pixel + 1] & 0xff, rgb[pixel + 2] & 0xff, alpha, rgb, pixel);
    }
}
