package dev.mme5.engine.image.bmp;

import dev.mme5.engine.image.raster.ImageBytes;
import dev.mme5.engine.image.raster.Palette;
import dev.mme5.engine.image.raster.RgbImage;

/**
 * Windows bitmaps as Pillow reads them: palettes of 1, 4 and 8 bits, also run-length coded, 16, 24 and 32 bits with the usual
 * masks, top down or bottom up, with or without the file header. Without masks the fourth byte of a pixel is not alpha.
 */
public final class BmpDecoder {
    private final ImageBytes file;
    private final BmpHeader header;

    private BmpDecoder(ImageBytes file, BmpHeader header) {
        this.file = file;
        this.header = header;
    }

    /** Whether a bitmap without file header ({@code .dib}) seems to start at the first byte. */
    public static boolean isBitmapWithoutFileHeader(ImageBytes file) {
        return BmpHeader.isBitmap(file, 0);
    }

    /** A file that starts with "BM", or with the bitmap header. */
    public static RgbImage decode(ImageBytes file) {
        BmpHeader header = file.hasText(0, "BM") ? BmpHeader.ofFile(file) : BmpHeader.ofBitmap(file, 0, 1);
        return new BmpDecoder(file, header).decode(false);
    }

    /** The bitmap of an icon: without file header, its height counted twice, its alpha left to the caller. */
    public static RgbImage decodeIcon(ImageBytes file, int offset) {
        return new BmpDecoder(file, BmpHeader.ofBitmap(file, offset, 2)).decode(true);
    }

    /** Where the pixels of an icon's bitmap start. */
    public static long firstIconPixel(ImageBytes file, int offset) {
        return BmpHeader.ofBitmap(file, offset, 2).firstPixel();
    }

    private RgbImage decode(boolean opaque) {
        boolean runLengths = header.compression() == BmpHeader.RLE8 || header.compression() == BmpHeader.RLE4;
        if (header.compression() != BmpHeader.RAW && header.compression() != BmpHeader.MASKED && !runLengths) {
            throw file.unsupported("compressed BMP (method %d) is not supported".formatted(header.compression()));
        }
        BmpPixels pixels = header.bits() <= 8
                ? indexed()
                : BmpPixels.packed(file, header, opaque);
        if (!runLengths) return read(pixels);
        if (header.bits() > 8) throw header.unsupported(file);
        return expand();
    }

    private RgbImage read(BmpPixels pixels) {
        int width = header.width();
        int height = header.height();
        long first = header.firstPixel();
        file.require(first, header.rowBytes() * (height - 1) + ((long) width * header.bits() + 7) / 8);
        byte[] rgb = file.newPixels(3L * width * height, 0);
        for (int y = 0; y < height; y++) {
            int row = (int) (first + y * header.rowBytes());
            int target = header.topDown() ? y : height - 1 - y;
            for (int x = 0; x < width; x++) pixels.put(row, x, rgb, 3 * (target * width + x));
        }
        return new RgbImage(width, height, rgb);
    }

    private RgbImage expand() {
        int width = header.width();
        int height = header.height();
        Palette palette = palette();
        byte[] rgb = file.newPixels(3L * width * height, BmpRunLengthReader.bytes(width, height));
        byte[] indices = new BmpRunLengthReader(file, header.compression() == BmpHeader.RLE4, width).expand(header.firstPixel(),
                width * height);
        for (int i = 0; i < indices.length; i++) {
            int y = header.topDown() ? i / width : height - 1 - i / width;
            palette.copy(indices[i] & 0xff, rgb, 3 * (y * width + i % width));
        }
        return new RgbImage(width, height, rgb);
    }

    private BmpPixels indexed() {
        if (header.compression() == BmpHeader.MASKED) throw header.unsupported(file);
        return BmpPixels.indexed(file, header.bits(), palette());
    }

    /**
     * A palette of the greys 0, 1, 2, ... counts as all of them, as in Pillow, however many it names. The header of OS/2 does not say how
     * many colours there are: as in Pillow, a small file may have fewer than its bits can name.
     */
    private Palette palette() {
        int bits = header.bits();
        if (bits != 1 && bits != 4 && bits != 8) throw header.unsupported(file);
        int size = (int) Math.min(header.colors(), 1 << bits);
        int entryBytes = header.paletteEntryBytes();
        if (header.length() == BmpHeader.OS2_LENGTH) size = Math.min(size, (file.length() - header.afterHeader()) / entryBytes);
        file.require(header.afterHeader(), (long) size * entryBytes);
        boolean grays = bits == 8 && size != 2;
        Palette palette = new Palette(file, size);
        for (int i = 0; i < size; i++) {
            int entry = header.afterHeader() + i * entryBytes;
            int blue = file.u8(entry);
            int green = file.u8(entry + 1);
            int red = file.u8(entry + 2);
            palette.set(i, red, green, blue, 255);
            grays &= red == i && green == i && blue == i;
        }
        return grays ? Palette.grays(file, 256) : palette;
    }
}
