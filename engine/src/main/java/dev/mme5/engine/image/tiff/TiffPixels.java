package dev.mme5.engine.image.tiff;

import dev.mme5.engine.image.raster.ImageBytes;
import dev.mme5.engine.image.raster.Palette;
import dev.mme5.engine.image.raster.WhiteBackground;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Turns a row of interleaved samples into opaque RGB, as Pillow's modes and conversions do (reference section 10.1). */
@FunctionalInterface
interface TiffPixels {
    /**
     * Writes a row's pixels.
     *
     * @param row samples in the file's byte order
     * @param pixels number of pixels
     * @param rgb receives three bytes a pixel
     * @param offset index in rgb of the first pixel
     */
    void put(byte[] row, int pixels, byte[] rgb, int offset);

    static TiffPixels of(ImageBytes file, TiffDirectory tags, TiffLayout layout) {
        boolean little = tags.littleEndian();
        int sampleBytes = Math.max(1, layout.bits() / 8);
        int step = layout.samples() * sampleBytes;
        int high = little ? sampleBytes - 1 : 0; // of 16-bit colours the high byte is taken
        return switch (layout.mode()) {
            case GRAY -> indexed(grays(file, layout), layout.bits());
            case GRAY_16 -> layout.bits() == 12 ? TiffPixels::gray12 : gray(2, (row, i) -> clipped(u16(row, i, little)));
            case GRAY_16_SIGNED -> gray(2, (row, i) -> clipped((short) u16(row, i, little)));
            case GRAY_32 -> gray(4, (row, i) -> clipped(order(row, little).getInt(i)));
            case GRAY_FLOAT -> gray(4, (row, i) -> clipped(order(row, little).getFloat(i)));
            case GRAY_ALPHA -> (row, pixels, rgb, offset) -> {
                for (int i = 0; i < pixels; i++) {
                    int gray = row[2 * i] & 0xff;
                    WhiteBackground.put(gray, gray, gray, row[2 * i + 1] & 0xff, rgb, offset + 3 * i);
                }
            };
            case PALETTE ->
                    layout.samples() == 1 ? indexed(palette(file, tags, layout), layout.bits()) : everySecond(palette(file, tags, layout));
            case PALETTE_ALPHA -> paletteAlpha(palette(file, tags, layout));
            case RGB -> colors(step, sampleBytes, high);
            case RGB_ALPHA, RGB_ASSOCIATED_ALPHA -> alpha(step, sampleBytes, high,
                    layout.mode() == TiffMode.RGB_ASSOCIATED_ALPHA);
            case CMYK -> (row, pixels, rgb, offset) -> {
                for (int i = 0; i < pixels; i++) cmyk(row, i * step + high, sampleBytes, rgb, offset + 3 * i);
            };
            case YCBCR -> layout.compression() == TiffCompression.JPEG ? colors(3, 1, 0) : YcbcrConverter.of(file, tags);
        };
    }

    private static TiffPixels colors(int step, int sampleBytes, int high) {
        return (row, pixels, rgb, offset) -> {
            for (int i = 0; i < pixels; i++) {
                for (int c = 0; c < 3; c++) rgb[offset + 3 * i + c] = row[i * step + c * sampleBytes + high];
            }
        };
    }

    /** The 8-bit grey of the sample at an index of a row. */
    @FunctionalInterface
    interface GraySample {
        int at(byte[] row, int index);
    }

    private static TiffPixels gray(int sampleBytes, GraySample sample) {
        return (row, pixels, rgb, offset) -> {
            for (int i = 0; i < pixels; i++) putGray(sample.at(row, i * sampleBytes), rgb, offset + 3 * i);
        };
    }

    private static void gray12(byte[] row, int pixels, byte[] rgb, int offset) {
        for (int i = 0; i < pixels; i++) {
            int pair = i / 2 * 3;
            int value = i % 2 == 0
                    ? (row[pair] & 0xff) << 4 | (row[pair + 1] & 0xff) >> 4
                    : (row[pair + 1] & 15) << 8 | row[pair + 2] & 0xff;
            putGray(clipped(value), rgb, offset + 3 * i);
        }
    }

    private static void putGray(int gray, byte[] rgb, int offset) {
        rgb[offset] = (byte) gray;
        rgb[offset + 1] = (byte) gray;
        rgb[offset + 2] = (byte) gray;
    }

    private static int u16(byte[] row, int index, boolean little) {
        int first = row[index] & 0xff;
        int second = row[index + 1] & 0xff;
        return little ? second << 8 | first : first << 8 | second;
    }

    private static ByteBuffer order(byte[] row, boolean little) {
        return ByteBuffer.wrap(row).order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    }

    /** Values beyond 8 bits are clipped, not scaled. */
    private static int clipped(int value) {
        return Math.clamp(value, 0, 255);
    }

    private static int clipped(float value) {
        return value >= 255 ? 255 : value <= 0 ? 0 : (int) value;
    }

    private static TiffPixels indexed(Palette palette, int bits) {
        int mask = (1 << bits) - 1;
        int perByte = 8 / bits;
        return (row, pixels, rgb, offset) -> {
            for (int i = 0; i < pixels; i++) {
                int index = row[i / perByte] >> (perByte - 1 - i % perByte) * bits & mask;
                palette.copy(index, rgb, offset + 3 * i);
            }
        };
    }

    private static TiffPixels everySecond(Palette palette) {
        return (row, pixels, rgb, offset) -> {
            for (int i = 0; i < pixels; i++) palette.copy(row[2 * i] & 0xff, rgb, offset + 3 * i);
        };
    }

    private static TiffPixels paletteAlpha(Palette palette) {
        return (row, pixels, rgb, offset) -> {
            for (int i = 0; i < pixels; i++) {
                int pixel = offset + 3 * i;
                palette.copy(row[2 * i] & 0xff, rgb, pixel);
                int alpha = row[2 * i + 1] & 0xff;
                WhiteBackground.put(rgb[pixel] & 0xff, rgb[pixel + 1] & 0xff, rgb[pixel + 2] & 0xff, alpha, rgb, pixel);
            }
        };
    }

    /** @param associated whether the colours are multiplied by alpha, which is undone first */
    private static TiffPixels alpha(int step, int sampleBytes, int high, boolean associated) {
        return (row, pixels, rgb, offset) -> {
            for (int i = 0; i < pixels; i++) {
                int pixel = i * step + high;
                int alpha = row[pixel + 3 * sampleBytes] & 0xff;
                for (int c = 0; c < 3; c++) {
                    int color = row[pixel + c * sampleBytes] & 0xff;
                    if (associated) color = alpha == 0 ? 0 : Math.min(255 * color / alpha, 255);
                    rgb[offset + 3 * i + c] = WhiteBackground.over(color, alpha);
                }
            }
        };
    }

    /** Pillow's CMYK, in which 255 is full ink. */
    private static void cmyk(byte[] row, int pixel, int sampleBytes, byte[] rgb, int offset) {
        int light = 255 - (row[pixel + 3 * sampleBytes] & 0xff);
        for (int c = 0; c < 3; c++) {
            int product = (row[pixel + c * sampleBytes] & 0xff) * light + 128;
            rgb[offset + c] = (byte) Math.clamp(light - ((product >> 8) + product >> 8), 0, 255);
        }
    }

    private static Palette grays(ImageBytes file, TiffLayout layout) {
        Palette grays = Palette.grays(file, 1 << layout.bits());
        if (layout.photometric() != 0) return grays;
        int max = grays.size() - 1;
        for (int i = 0; i <= max; i++) {
            int gray = 255 - 255 * i / max;
            grays.set(i, gray, gray, gray, 255);
        }
        return grays;
    }

    /** The colour map holds all reds, then all greens, then all blues, of 16 bits. */
    private static Palette palette(ImageBytes file, TiffDirectory tags, TiffLayout layout) {
        if (!tags.has(TiffTags.COLOR_MAP)) throw file.damaged("it has no colour map");
        int size = (int) Math.min(tags.count(TiffTags.COLOR_MAP) / 3, 1 << layout.bits());
        Palette palette = new Palette(file, size);
        long plane = tags.count(TiffTags.COLOR_MAP) / 3;
        for (int i = 0; i < size; i++) {
            palette.set(i, (int) tags.value(TiffTags.COLOR_MAP, i) >> 8, (int) tags.value(TiffTags.COLOR_MAP, plane + i) >> 8,
                    (int) tags.value(TiffTags.COLOR_MAP, 2 * plane + i) >> 8, 255);
        }
        return palette;
    }
}
