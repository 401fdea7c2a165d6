package dev.mme5.engine.image.bmp;

import dev.mme5.engine.image.raster.ImageBytes;
import dev.mme5.engine.image.raster.ImageException;
import java.util.Set;

/**
 * The headers of a bitmap.
 *
 * @param start offset of the bitmap header, which gives its own length
 * @param length bytes of the bitmap header
 * @param width pixels in a row
 * @param height rows
 * @param topDown whether the first row in the file is the top one
 * @param bits of a pixel
 * @param compression one of the constants below
 * @param colors entries of the palette
 * @param pixelOffset offset of the pixels by the file header, 0 if unknown
 */
record BmpHeader(int start, int length, int width, int height, boolean topDown, int bits, long compression, long colors,
        long pixelOffset) {
    static final int RAW = 0;
    static final int RLE8 = 1;
    static final int RLE4 = 2;
    static final int MASKED = 3;

    private static final int FILE_HEADER = 14;
    static final int OS2_LENGTH = 12;
    private static final Set<Integer> LENGTHS = Set.of(OS2_LENGTH, 40, 52, 56, 64, 108, 124);

    /** Whether a bitmap without file header ({@code .dib}) seems to start here: a known length, one plane, known bits. */
    static boolean isBitmap(ImageBytes file, int start) {
        if (file.length() < start + 40 || !LENGTHS.contains((int) Math.min(file.u32LittleEndian(start), 1000))) return false;
        int planes = start + (file.u8(start) == OS2_LENGTH ? 8 : 12);
        return file.u16LittleEndian(planes) == 1 && Set.of(1, 4, 8, 16, 24, 32).contains(file.u16LittleEndian(planes + 2));
    }

    /** Reads a bitmap behind its file header. */
    static BmpHeader ofFile(ImageBytes file) {
        return read(file, FILE_HEADER, file.u32LittleEndian(10), 1);
    }

    /**
     * Reads a bitmap without file header.
     *
     * @param rowFactor the header counts each row this many times: 2 in an icon, whose mask counts too
     */
    static BmpHeader ofBitmap(ImageBytes file, int start, int rowFactor) {
        return read(file, start, 0, rowFactor);
    }

    private static BmpHeader read(ImageBytes file, int start, long pixelOffset, int rowFactor) {
        long length = file.u32LittleEndian(start);
        if (length > 124 || !LENGTHS.contains((int) length)) {
            throw file.damaged("a bitmap header of %d bytes".formatted(length));
        }
        file.require(start, length);
        boolean os2 = length == OS2_LENGTH;
        long width = os2 ? file.u16LittleEndian(start + 4) : file.u32LittleEndian(start + 4);
        long signedHeight = os2 ? file.u16LittleEndian(start + 6) : (int) file.u32LittleEndian(start + 8);
        int bits = file.u16LittleEndian(start + (os2 ? 10 : 14));
        long colors = os2 ? 0 : file.u32LittleEndian(start + 32);
        long height = Math.abs(signedHeight) / rowFactor;
        file.requireSize(width, height);
        return new BmpHeader(start, (int) length, (int) width, (int) height, signedHeight < 0, bits,
                os2 ? RAW : file.u32LittleEndian(start + 16), colors == 0 && bits <= 8 ? 1L << bits : colors, pixelOffset);
    }

    int afterHeader() {
        return start + length;
    }

    int paletteEntryBytes() {
        return length == OS2_LENGTH ? 3 : 4;
    }

    /**
     * Where the pixels start. An offset of 0 means right after the headers; one that leaves out the palette means after the palette.
     * Both are Pillow's rules for files that other programs write.
     */
    long firstPixel() {
        long palette = bits <= 8 ? colors * paletteEntryBytes() : 0;
        if (pixelOffset != 0) return pixelOffset == FILE_HEADER + length ? pixelOffset + palette : pixelOffset;
        boolean masksFollow = compression == MASKED && length < 52;
        return afterHeader() + palette + (masksFollow ? 12 : 0);
    }

    /** Bytes from one row to the next. */
    long rowBytes() {
        return ((long) width * bits + 31) / 32 * 4;
    }

    ImageException unsupported(ImageBytes file) {
        return file.unsupported("BMP with %d bits a pixel is not supported in this form (compression %d)".formatted(bits, compression));
    }
}
