package dev.mme5.engine.image.png;

import dev.mme5.engine.image.raster.ImageBytes;
import dev.mme5.engine.image.raster.Palette;
import dev.mme5.engine.image.raster.WhiteBackground;

/** Turns the samples of a PNG row into opaque RGB, as Pillow's modes and conversions do (reference section 10.1). */
interface PngColorConverter {
    /**
     * Writes a row's pixels.
     *
     * @param row samples, unfiltered
     * @param pixels number of pixels
     * @param rgb receives three bytes a pixel
     * @param offset index in rgb of the first pixel
     * @param step distance in rgb from one pixel to the next
     */
    void put(byte[] row, int pixels, byte[] rgb, int offset, int step);

    /**
     * The conversion for an image.
     *
     * @param palette the PLTE chunk, or null
     * @param transparency the tRNS chunk, or null
     */
    static PngColorConverter of(ImageBytes file, PngHeader header, PngDecoder.Span palette, PngDecoder.Span transparency) {
        int sampleBytes = header.bitDepth() / 8; // of 16-bit samples the first, high byte is taken
        return switch (header.type()) {
            case PALETTE -> indexed(palette(file, palette, transparency), header.bitDepth());
            case GRAY -> header.bitDepth() == 16
                    ? gray16(grayKey(file, header.bitDepth(), transparency))
                    : indexed(grays(file, header.bitDepth(), grayKey(file, header.bitDepth(), transparency)), header.bitDepth());
            case GRAY_ALPHA -> (row, pixels, rgb, offset, step) -> {
                for (int i = 0; i < pixels; i++) {
                    int from = 2 * sampleBytes * i;
                    int gray = row[from] & 0xff;
                    WhiteBackground.put(gray, gray, gray, row[from + sampleBytes] & 0xff, rgb, offset + i * step);
                }
            };
            // A tRNS chunk is ignored here, because transformers 4.48.3 returns RGB images as they are (docs/CLI.md says so).
            case RGB -> (row, pixels, rgb, offset, step) -> {
                for (int i = 0; i < pixels; i++) {
                    for (int c = 0; c < 3; c++) rgb[offset + i * step + c] = row[(3 * i + c) * sampleBytes];
                }
            };
            case RGB_ALPHA -> (row, pixels, rgb, offset, step) -> {
                for (int i = 0; i < pixels; i++) {
                    int from = 4 * sampleBytes * i;
                    int alpha = row[from + 3 * sampleBytes] & 0xff;
                    for (int c = 0; c < 3; c++) {
                        rgb[offset + i * step + c] = WhiteBackground.over(row[from + c * sampleBytes] & 0xff, alpha);
                    }
                }
            };
        };
    }

    private static PngColorConverter indexed(Palette palette, int bitDepth) {
        int mask = (1 << bitDepth) - 1;
        int perByte = 8 / bitDepth;
        return (row, pixels, rgb, offset, step) -> {
            for (int i = 0; i < pixels; i++) {
                int index = row[i / perByte] >> (perByte - 1 - i % perByte) * bitDepth & mask;
                palette.copy(index, rgb, offset + i * step);
            }
        };
    }

    /** 16-bit grey is clipped, not scaled: everything but the darkest 255 values is white. */
    private static PngColorConverter gray16(int key) {
        return (row, pixels, rgb, offset, step) -> {
            for (int i = 0; i < pixels; i++) {
                int value = (row[2 * i] & 0xff) << 8 | row[2 * i + 1] & 0xff;
                int gray = Math.min(value, 255);
                WhiteBackground.put(gray, gray, gray, gray == key ? 0 : 255, rgb, offset + i * step);
            }
        };
    }

    /**
     * The 8-bit grey that is transparent, or -1. Pillow compares the key's low byte with the greys after scaling or clipping them
     * to 8 bits. Except for 8 bits the format defines it otherwise, but this is what the model saw. With 1 bit, any key but 0 is
     * white.
     */
    private static int grayKey(ImageBytes file, int bitDepth, PngDecoder.Span transparency) {
        if (transparency == null) return -1;
        if (transparency.length() < 2) throw file.damaged("tRNS has %d bytes".formatted(transparency.length()));
        int key = file.u16BigEndian(transparency.offset());
        if (bitDepth == 1) return key == 0 ? 0 : 255;
        return key & 0xff;
    }

    private static Palette grays(ImageBytes file, int bitDepth, int key) {
        Palette grays = Palette.grays(file, 1 << bitDepth);
        for (int i = 0; i < grays.size(); i++) {
            if (255 * i / (grays.size() - 1) == key) grays.setAlpha(i, 0);
        }
        return grays;
    }

    private static Palette palette(ImageBytes file, PngDecoder.Span palette, PngDecoder.Span transparency) {
        int size = palette.length() / 3;
        int alphas = transparency == null ? 0 : Math.min(transparency.length(), size);
        Palette colors = new Palette(file, size);
        for (int i = 0; i < size; i++) {
            int offset = palette.offset() + 3 * i;
            int alpha = i < alphas ? file.u8(transparency.offset() + i) : 255;
            colors.set(i, file.u8(offset), file.u8(offset + 1), file.u8(offset + 2), alpha);
        }
        return colors;
    }
}
