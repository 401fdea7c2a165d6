package dev.mme5.engine.image.simple;

import dev.mme5.engine.image.raster.ImageBytes;
import dev.mme5.engine.image.raster.Palette;
import dev.mme5.engine.image.raster.RgbImage;
import dev.mme5.engine.image.raster.WhiteBackground;
import java.util.Set;

/** Targa as Pillow reads it: palettes, grey with and without alpha, 16, 24 and 32 bits, plain or run-length coded. */
public final class TgaDecoder {
    private static final int HEADER = 18;
    private static final int INDEXED = 1;
    private static final int TRUE_COLOR = 2;
    private static final int GRAY = 3;
    private static final int RUN_LENGTHS = 8;
    private static final String FOOTER = "TRUEVISION-XFILE.\0";

    private final ImageBytes file;
    private final int kind;
    private final boolean runLengths;
    private final int depth;
    private final int width;
    private final int height;
    private final int flags;
    private int position;
    private int packet;
    private boolean repeating;

    private TgaDecoder(ImageBytes file) {
        this.file = file;
        file.require(0, HEADER);
        this.kind = file.u8(2) & 7;
        this.runLengths = (file.u8(2) & RUN_LENGTHS) != 0;
        this.width = file.u16LittleEndian(12);
        this.height = file.u16LittleEndian(14);
        this.depth = file.u8(16);
        this.flags = file.u8(17);
        this.position = HEADER + file.u8(0);
    }

    /** Whether the first bytes can be a Targa's; the format has no mark of its own, so it is the last to be tried. */
    public static boolean isTga(ImageBytes file) {
        if (file.length() < HEADER + 1 || file.u8(1) > 1) return false;
        int type = file.u8(2) & ~RUN_LENGTHS;
        boolean depth = switch (type) {
            case INDEXED -> file.u8(16) == 8 && file.u8(1) == 1;
            case TRUE_COLOR -> Set.of(16, 24, 32).contains(file.u8(16));
            case GRAY -> Set.of(1, 8, 16).contains(file.u8(16));
            default -> false;
        };
        boolean colorMap = file.u8(1) == 0 || Set.of(15, 16, 24, 32).contains(file.u8(7));
        boolean size = file.u16LittleEndian(12) > 0 && file.u16LittleEndian(14) > 0;
        return depth && colorMap && size && (file.u8(17) & 0xc0) == 0;
    }

    public static RgbImage decode(ImageBytes file) {
        return new TgaDecoder(file).decode();
    }

    private RgbImage decode() {
        file.requireSize(width, height);
        if (runLengths && depth == 1) throw file.unsupported("TGA with runs of single bits is not supported");
        byte[] rgb = file.newPixels(3L * width * height, 0);
        Palette palette = readPalette();
        boolean opaque = isOpaque();
        byte[] row = new byte[(width * depth + 7) / 8];
        for (int i = 0; i < height; i++) {
            readRow(row);
            int y = (flags & 0x20) != 0 ? i : height - 1 - i;
            for (int x = 0; x < width; x++) {
                int column = (flags & 0x10) != 0 ? width - 1 - x : x;
                put(row, x, palette, opaque, rgb, 3 * (y * width + column));
            }
        }
        return new RgbImage(width, height, rgb);
    }

    /** The palette of an indexed image; of other images the colours in its place are skipped. */
    private Palette readPalette() {
        if (file.u8(1) == 0) return null;
        int first = file.u16LittleEndian(3);
        int size = file.u16LittleEndian(5);
        int bits = file.u8(7);
        int bytes = (bits + 7) / 8;
        int start = position;
        file.require(start, (long) size * bytes);
        position += size * bytes;
        if (kind != INDEXED) return null;
        Palette palette = new Palette(file, Math.min(first + size, 256));
        for (int i = 0; i < palette.size(); i++) {
            if (i < first) {
                palette.set(i, 0, 0, 0, bits == 32 ? 0 : 255);
                continue;
            }
            byte[] color = new byte[3];
            putColor(file.bytes(), start + (i - first) * bytes, bytes, false, color, 0);
            palette.set(i, color[0] & 0xff, color[1] & 0xff, color[2] & 0xff, 255);
        }
        return palette;
    }

    private void put(byte[] row, int x, Palette palette, boolean opaque, byte[] rgb, int offset) {
        switch (kind) {
            case INDEXED -> palette.copy(row[x] & 0xff, rgb, offset);
            case TRUE_COLOR -> putColor(row, x * depth / 8, depth / 8, opaque, rgb, offset);
            default -> {
                int gray = switch (depth) {
                    case 1 -> (row[x / 8] >> 7 - x % 8 & 1) * 255;
                    case 8 -> row[x] & 0xff;
                    default -> row[2 * x] & 0xff;
                };
                int alpha = depth == 16 ? row[2 * x + 1] & 0xff : 255;
                WhiteBackground.put(gray, gray, gray, alpha, rgb, offset);
            }
        }
    }

    /** One colour of 2, 3 or 4 bytes. In 2 bytes, the highest bit makes it transparent, as Pillow has it. */
    private static void putColor(byte[] in, int start, int bytes, boolean opaque, byte[] rgb, int offset) {
        if (bytes == 2) {
            int value = in[start] & 0xff | (in[start + 1] & 0xff) << 8;
            int alpha = opaque || value >> 15 == 0 ? 255 : 0;
            WhiteBackground.put((value >> 10 & 31) * 255 / 31, (value >> 5 & 31) * 255 / 31, (value & 31) * 255 / 31, alpha, rgb, offset);
            return;
        }
        int alpha = opaque || bytes == 3 ? 255 : in[start + 3] & 0xff;
        WhiteBackground.put(in[start + 2] & 0xff, in[start + 1] & 0xff, in[start] & 0xff, alpha, rgb, offset);
    }

    /** Whether the extension area of a version 2 file says that the fourth byte is not alpha. */
    private boolean isOpaque() {
        int footer = file.length() - 26;
        if (footer < HEADER || !file.hasText(footer + 8, FOOTER)) return false;
        long extension = file.u32LittleEndian(footer);
        return extension != 0 && extension + 494 < file.length() && file.u8(extension + 494) == 0;
    }

    private void readRow(byte[] row) {
        if (!runLengths) {
            file.require(position, row.length);
            System.arraycopy(file.bytes(), position, row, 0, row.length);
            position += row.length;
            return;
        }
        int bytes = depth / 8;
        for (int i = 0; i < row.length; i += bytes) {
            if (packet == 0) {
                int code = file.u8(position++);
                repeating = code >= 128;
                packet = (code & 127) + 1;
            }
            file.require(position, bytes);
            System.arraycopy(file.bytes(), position, row, i, bytes);
            packet--;
            if (!repeating || packet == 0) position += bytes;
        }
    }
}
