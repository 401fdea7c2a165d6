package dev.mme5.engine.image.simple;

import dev.mme5.engine.image.raster.ImageBytes;
import dev.mme5.engine.image.raster.RgbImage;

/** PBM, PGM and PPM, plain and raw, and the grey of PFM, as Pillow reads them: grey beyond 8 bits is clipped, not scaled. */
public final class PnmDecoder {
    private static final int MAX_TOKEN = 10;

    private final ImageBytes file;
    private int position;

    private PnmDecoder(ImageBytes file) {
        this.file = file;
    }

    /** Whether the file starts with P1 to P6, or Pf, and a space. */
    public static boolean isPnm(ImageBytes file) {
        return file.length() > 2 && file.u8(0) == 'P' && (file.u8(1) >= '1' && file.u8(1) <= '6' || file.u8(1) == 'f')
                && isSpace(file.u8(2));
    }

    public static RgbImage decode(ImageBytes file) {
        return new PnmDecoder(file).decode();
    }

    private RgbImage decode() {
        char kind = (char) file.u8(1);
        position = 3;
        long width = number(token());
        long height = number(token());
        file.requireSize(width, height);
        byte[] rgb = file.newPixels(3 * width * height, 0);
        switch (kind) {
            case '1' -> readPlainBits(rgb);
            case '4' -> readBits(rgb, (int) width);
            case 'f' -> readFloats(rgb, (int) width, (int) height);
            default -> readValues(rgb, kind == '2' || kind == '3', kind == '2' || kind == '5');
        }
        return new RgbImage((int) width, (int) height, rgb);
    }

    private void readValues(byte[] rgb, boolean plain, boolean gray) {
        long max = number(token());
        if (max < 1 || max > 65_535) throw file.damaged("its largest value is %d".formatted(max));
        int scale = gray && max > 255 ? 65_535 : 255;
        int channels = gray ? 1 : 3;
        for (int i = 0; i < rgb.length; i += gray ? 3 : 1) {
            long value = plain ? number(plainToken()) : raw(max);
            if (plain && value > max) throw file.damaged("a value of %d, the largest is %d".formatted(value, max));
            int scaled = max == scale ? (int) value : (int) Math.min(scale, Math.rint((double) value / max * scale));
            byte sample = (byte) Math.min(scaled, 255);
            for (int c = 0; c < 3 / channels; c++) rgb[i + c] = sample;
        }
    }

    private int raw(long max) {
        if (max < 256) return file.u8(position++);
        position += 2;
        return file.u16BigEndian(position - 2);
    }

    private void readPlainBits(byte[] rgb) {
        for (int i = 0; i < rgb.length; i += 3) {
            int c = next();
            while (isSpace(c)) c = next();
            if (c != '0' && c != '1') throw file.damaged("byte %d is neither 0 nor 1".formatted(position - 1));
            putGray(c == '0' ? 255 : 0, rgb, i);
        }
    }

    private void readBits(byte[] rgb, int width) {
        int rowBytes = (width + 7) / 8;
        file.require(position, (long) rowBytes * (rgb.length / 3 / width));
        for (int i = 0; i < rgb.length / 3; i++) {
            int x = i % width;
            int bit = file.bytes()[position + i / width * rowBytes + x / 8] >> 7 - x % 8 & 1;
            putGray(bit == 0 ? 255 : 0, rgb, 3 * i);
        }
    }

    /** Rows from the bottom up; a negative scale means that the lowest byte comes first. */
    private void readFloats(byte[] rgb, int width, int height) {
        float scale;
        try {
            scale = Float.parseFloat(token());
        } catch (NumberFormatException e) {
            scale = 0;
        }
        if (scale == 0 || !Float.isFinite(scale)) throw file.damaged("its scale is not a number");
        file.require(position, 4L * width * height);
        for (int i = 0; i < width * height; i++) {
            long bits = scale < 0 ? file.u32LittleEndian(position + 4L * i) : file.u32BigEndian(position + 4L * i);
            float value = Float.intBitsToFloat((int) bits);
            int gray = value >= 255 ? 255 : value <= 0 ? 0 : (int) value;
            int y = height - 1 - i / width;
            putGray(gray, rgb, 3 * (y * width + i % width));
        }
    }

    private static void putGray(int gray, byte[] rgb, int offset) {
        rgb[offset] = (byte) gray;
        rgb[offset + 1] = (byte) gray;
        rgb[offset + 2] = (byte) gray;
    }

    /** The next word of the header. Comments, from # to the end of the line, are skipped. */
    private String token() {
        StringBuilder token = new StringBuilder();
        while (token.length() <= MAX_TOKEN) {
            if (position >= file.length()) break;
            int c = next();
            if (!isSpace(c)) {
                token.append((char) c);
            } else if (!token.isEmpty()) {
                break;
            }
        }
        if (token.isEmpty()) throw file.damaged("its header ends early");
        return token.toString();
    }

    private String plainToken() {
        if (position >= file.length()) throw file.damaged("its values end before its pixels");
        return token();
    }

    /** The next byte outside comments; a space at the end of the file. */
    private int next() {
        while (position < file.length()) {
            int c = file.u8(position++);
            if (c != '#') return c;
            while (position < file.length() && file.u8(position) != '\n' && file.u8(position) != '\r') position++;
            position++;
        }
        if (position > file.length()) throw file.damaged("its values end before its pixels");
        position++;
        return ' ';
    }

    private long number(String token) {
        for (char c : token.toCharArray()) if (c < '0' || c > '9') throw file.damaged("a value that is not a number");
        if (token.length() > MAX_TOKEN) throw file.damaged("a value of more than %d digits".formatted(MAX_TOKEN));
        return Long.parseLong(token);
    }

    private static boolean isSpace(int c) {
        return c == ' ' || c >= '\t' && c <= '\r';
    }
}
