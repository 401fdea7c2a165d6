package dev.mme5.engine.image.bmp;

import dev.mme5.engine.image.raster.ImageBytes;
import dev.mme5.engine.image.raster.ImageException;
import dev.mme5.engine.image.raster.Palette;
import dev.mme5.engine.image.raster.RgbImage;
import dev.mme5.engine.image.raster.WhiteBackground;
import java.util.Arrays;

/**
 * Windows bitmaps as Pillow reads them: palettes of 1, 4 and 8 bits, 16, 24 and 32 bits with the usual masks, top down or
 * bottom up. Run-length coding is refused. Without masks the fourth byte of a pixel is not alpha.
 */
public final class BmpDecoder {
    private static final int FILE_HEADER = 14;
    private static final int OS2_HEADER = 12;
    private static final int PLAIN = 0;
    private static final int MASKED = 3;

    private final ImageBytes file;

    public BmpDecoder(ImageBytes file) {
        this.file = file;
    }

    public RgbImage decode() {
        long headerLength = file.u32LittleEndian(FILE_HEADER);
        if (headerLength != OS2_HEADER && (headerLength < 40 || headerLength > 124)) {
            throw file.damaged("a bitmap header of %d bytes".formatted(headerLength));
        }
        file.require(FILE_HEADER, headerLength);
        boolean os2 = headerLength == OS2_HEADER;
        long width = os2 ? file.u16LittleEndian(18) : file.u32LittleEndian(18);
        long signedHeight = os2 ? file.u16LittleEndian(20) : (int) file.u32LittleEndian(22);
        int bits = file.u16LittleEndian(os2 ? 24 : 28);
        long compression = os2 ? PLAIN : file.u32LittleEndian(30);
        if (compression != PLAIN && compression != MASKED) {
            throw file.error("compressed BMP (method %d) is not supported".formatted(compression));
        }
        file.requireSize(width, Math.abs(signedHeight));

        int afterHeader = FILE_HEADER + (int) headerLength;
        long colours = os2 ? 0 : file.u32LittleEndian(46);
        Pixels pixels = bits <= 8
                ? indexed(bits, compression, afterHeader, colours, os2 ? 3 : 4)
                : packed(bits, compression == MASKED ? masks(afterHeader, (int) headerLength) : null);
        return read(pixels, (int) width, (int) signedHeight, bits);
    }

    /** Writes the pixel x of the row that starts at a byte of the file. */
    private interface Pixels {
        void put(int row, int x, byte[] rgb, int at);
    }

    private RgbImage read(Pixels pixels, int width, int signedHeight, int bits) {
        int height = Math.abs(signedHeight);
        long rowBytes = ((long) width * bits + 31) / 32 * 4;
        long from = file.u32LittleEndian(10);
        file.require(from, rowBytes * (height - 1) + ((long) width * bits + 7) / 8);
        file.requireHeap(file.length() + 3L * width * height);
        byte[] rgb = new byte[3 * width * height];
        for (int y = 0; y < height; y++) {
            int row = (int) (from + y * rowBytes);
            int to = signedHeight < 0 ? y : height - 1 - y;
            for (int x = 0; x < width; x++) pixels.put(row, x, rgb, 3 * (to * width + x));
        }
        return new RgbImage(width, height, rgb);
    }

    private Pixels indexed(int bits, long compression, int paletteAt, long colours, int colourBytes) {
        if (bits != 1 && bits != 4 && bits != 8 || compression != PLAIN) throw unsupported(bits);
        int size = (int) Math.min(colours == 0 ? 256 : colours, 1 << bits);
        file.require(paletteAt, (long) size * colourBytes);
        Palette table = new Palette(file, size);
        for (int i = 0; i < size; i++) {
            int at = paletteAt + i * colourBytes;
            table.set(i, file.u8(at + 2), file.u8(at + 1), file.u8(at), 255);
        }
        int perByte = 8 / bits;
        int mask = (1 << bits) - 1;
        return (row, x, rgb, at) -> {
            int value = file.bytes()[row + x / perByte] >> (perByte - 1 - x % perByte) * bits & mask;
            table.copy(value, rgb, at);
        };
    }

    /** Masks of red, green, blue, alpha; they follow the shortest header and are part of the longer ones. */
    private long[] masks(int afterHeader, int headerLength) {
        long[] masks = new long[4];
        int at = FILE_HEADER + 40;
        boolean hasAlpha = headerLength >= 56;
        for (int i = 0; i < (hasAlpha ? 4 : 3); i++) masks[i] = file.u32LittleEndian(at + 4L * i);
        return masks;
    }

    private Pixels packed(int bits, long[] masks) {
        if (bits != 16 && bits != 24 && bits != 32) throw unsupported(bits);
        if (bits == 16) return packed16(masks);
        int bytes = bits / 8;
        int[] places = masks == null ? new int[] {2, 1, 0, -1} : places(masks, bytes);
        return (row, x, rgb, at) -> {
            byte[] in = file.bytes();
            int from = row + x * bytes;
            int alpha = places[3] < 0 ? 255 : in[from + places[3]] & 0xff;
            for (int c = 0; c < 3; c++) rgb[at + c] = WhiteBackground.over(in[from + places[c]] & 0xff, alpha);
        };
    }

    /** Which byte of a pixel each mask selects. */
    private int[] places(long[] masks, int bytes) {
        int[] places = {2, 1, 0, 3};
        if (bytes == 4 && Arrays.equals(masks, new long[4])) return places; // written so by some, and read so by Pillow
        for (int i = 0; i < 4; i++) {
            places[i] = masks[i] == 0 ? -1 : Long.numberOfTrailingZeros(masks[i]) / 8;
            boolean wholeByte = masks[i] == 0 ? i == 3 : masks[i] == 0xffL << 8 * places[i] && places[i] < bytes;
            if (!wholeByte) throw file.error("BMP with the mask 0x%08x is not supported".formatted(masks[i]));
        }
        return places;
    }

    private Pixels packed16(long[] masks) {
        boolean sixGreen = masks != null && masks[0] == 0xf800 && masks[1] == 0x7e0 && masks[2] == 0x1f;
        boolean fiveGreen = masks == null || masks[0] == 0x7c00 && masks[1] == 0x3e0 && masks[2] == 0x1f;
        if (!sixGreen && !fiveGreen) {
            throw file.error("BMP with 16 bits and the red mask 0x%x is not supported".formatted(masks[0]));
        }
        int greenBits = sixGreen ? 6 : 5;
        int greens = (1 << greenBits) - 1;
        return (row, x, rgb, at) -> {
            int value = file.u16LittleEndian(row + 2L * x);
            rgb[at] = (byte) ((value >> 5 + greenBits & 31) * 255 / 31);
            rgb[at + 1] = (byte) ((value >> 5 & greens) * 255 / greens);
            rgb[at + 2] = (byte) ((value & 31) * 255 / 31);
        };
    }

    private ImageException unsupported(int bits) {
        return file.error("BMP with %d bits a pixel is not supported in this form".formatted(bits));
    }
}
