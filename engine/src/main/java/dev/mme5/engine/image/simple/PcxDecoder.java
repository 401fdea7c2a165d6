package dev.mme5.engine.image.simple;

import dev.mme5.engine.image.raster.ImageBytes;
import dev.mme5.engine.image.raster.Palette;
import dev.mme5.engine.image.raster.RgbImage;

/** PCX as Pillow reads it: 1 bit, 2 or 4 planes of a bit with a palette, 8 bits of grey or palette, 24 bits. */
public final class PcxDecoder {
    private static final int HEADER = 128;
    private static final int PALETTE_BYTES = 769;

    /** Offset of the kind of palette, 1 for colours and 2 for greys. */
    private static final int PALETTE_KIND = 68;

    private static final int GRAYS = 2;

    private final ImageBytes file;
    private final int width;
    private final int height;
    private final int bits;
    private final int planes;
    private final int planeBytes;
    private int position = HEADER;
    private int repeats;
    private byte repeated;

    private PcxDecoder(ImageBytes file) {
        this.file = file;
        file.require(0, HEADER);
        int across = file.u16LittleEndian(8) + 1 - file.u16LittleEndian(4);
        int down = file.u16LittleEndian(10) + 1 - file.u16LittleEndian(6);
        file.requireSize(across, down);
        this.width = across;
        this.height = down;
        this.bits = file.u8(3);
        this.planes = file.u8(65);
        int version = file.u8(1);
        boolean known =
                bits == 1 && (planes == 1 || planes == 2 || planes == 4) || version == 5 && bits == 8 && (planes == 1 || planes == 3);
        if (!known) throw file.unsupported("PCX version %d with %d planes of %d bits is not supported".formatted(version, planes, bits));
        int needed = (width * bits + 7) / 8;
        // The stated length is not trusted: lines have the bytes that they need, or one more to be even.
        this.planeBytes = file.u16LittleEndian(66) == needed ? needed : needed + needed % 2;
    }

    /** Whether the file starts as a PCX does: its number, and a version that Pillow knows. */
    public static boolean isPcx(ImageBytes file) {
        if (file.length() < HEADER || file.u8(0) != 10 || file.u8(2) > 1) return false;
        int version = file.u8(1);
        return version == 0 || version == 2 || version == 3 || version == 5;
    }

    public static RgbImage decode(ImageBytes file) {
        return new PcxDecoder(file).decode();
    }

    private RgbImage decode() {
        byte[] rgb = file.newPixels(3L * width * height, 0);
        Palette palette = planes == 3 ? null : palette();
        byte[] line = new byte[planes * planeBytes];
        for (int y = 0; y < height; y++) {
            readLine(line);
            for (int x = 0; x < width; x++) {
                int pixel = 3 * (y * width + x);
                if (palette == null) {
                    for (int c = 0; c < 3; c++) rgb[pixel + c] = line[c * planeBytes + x];
                } else {
                    palette.copy(index(line, x), rgb, pixel);
                }
            }
        }
        return new RgbImage(width, height, rgb);
    }

    private int index(byte[] line, int x) {
        if (bits == 8) return line[x] & 0xff;
        int index = 0;
        for (int plane = 0; plane < planes; plane++) {
            index |= (line[plane * planeBytes + x / 8] >> 7 - x % 8 & 1) << plane;
        }
        return index;
    }

    /** Bytes, or runs of 1 to 63 equal bytes, which may reach into the next line. */
    private void readLine(byte[] line) {
        for (int i = 0; i < line.length; i++) {
            while (repeats == 0) {
                int code = file.u8(position++);
                boolean run = (code & 0xc0) == 0xc0;
                repeats = run ? code & 63 : 1;
                repeated = (byte) (run ? file.u8(position++) : code);
            }
            line[i] = repeated;
            repeats--;
        }
    }

    private Palette palette() {
        if (bits == 1 && planes == 1) return Palette.grays(file, 2);
        if (bits == 1) return palette(16, 16);
        boolean isGray = file.u16LittleEndian(PALETTE_KIND) == GRAYS;
        if (hasPalette()) {
            if (pixelsEnd() <= paletteStart()) return palette(paletteStart() + 1, 256);
            if (!isGray) throw file.damaged("its pixels reach into its palette");
        }
        // The palette ends the file, so one that is cut off leaves no trace but this: unless the header says grey, there was one.
        if (!isGray) throw file.damaged("its palette is missing");
        return Palette.grays(file, 256);
    }

    /** Where the pixels end: what looks like the start of a palette may be one of them. */
    private int pixelsEnd() {
        byte[] line = new byte[planes * planeBytes];
        for (int y = 0; y < height; y++) readLine(line);
        int end = position;
        position = HEADER;
        repeats = 0;
        return end;
    }

    private boolean hasPalette() {
        return paletteStart() >= HEADER && file.u8(paletteStart()) == 12;
    }

    private int paletteStart() {
        return file.length() - PALETTE_BYTES;
    }

    private Palette palette(int offset, int size) {
        Palette palette = new Palette(file, size);
        for (int i = 0; i < size; i++) {
            int color = offset + 3 * i;
            palette.set(i, file.u8(color), file.u8(color + 1), file.u8(color + 2), 255);
        }
        return palette;
    }
}
