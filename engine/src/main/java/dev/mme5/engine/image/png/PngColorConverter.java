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
     * @param pixels how many
     * @param rgb receives three bytes a pixel
     * @param at index in rgb of the first pixel
     * @param step distance in rgb from one pixel to the next
     */
    void put(byte[] row, int pixels, byte[] rgb, int at, int step);

    /**
     * The conversion for a picture.
     *
     * @param palette the PLTE chunk, or null
     * @param transparency the tRNS chunk, or null
     */
    static PngColorConverter of(ImageBytes file, PngHeader header, PngDecoder.Span palette, PngDecoder.Span transparency) {
        int sampleBytes = header.bitDepth() / 8; // of 16-bit samples the first, high byte is taken
        return switch (header.kind()) {
            case PALETTE -> indexed(palette(file, palette, transparency), header.bitDepth());
            case GREY -> header.bitDepth() == 16
                    ? grey16(greyKey(file, transparency))
                    : indexed(greys(file, header.bitDepth(), greyKey(file, transparency)), header.bitDepth());
            case GREY_ALPHA -> (row, pixels, rgb, at, step) -> {
                for (int i = 0; i < pixels; i++) {
                    int from = 2 * sampleBytes * i;
                    int grey = row[from] & 0xff;
                    WhiteBackground.put(grey, grey, grey, row[from + sampleBytes] & 0xff, rgb, at + i * step);
                }
            };
            // A tRNS chunk is ignored here, as transformers 4.48.3 returns RGB pictures as they are.
            case RGB -> (row, pixels, rgb, at, step) -> {
                for (int i = 0; i < pixels; i++) {
                    for (int c = 0; c < 3; c++) rgb[at + i * step + c] = row[(3 * i + c) * sampleBytes];
                }
            };
            case RGB_ALPHA -> (row, pixels, rgb, at, step) -> {
                for (int i = 0; i < pixels; i++) {
                    int from = 4 * sampleBytes * i;
                    int alpha = row[from + 3 * sampleBytes] & 0xff;
                    for (int c = 0; c < 3; c++) {
                        rgb[at + i * step + c] = WhiteBackground.over(row[from + c * sampleBytes] & 0xff, alpha);
                    }
                }
            };
        };
    }

    private static PngColorConverter indexed(Palette colours, int bitDepth) {
        int mask = (1 << bitDepth) - 1;
        int perByte = 8 / bitDepth;
        return (row, pixels, rgb, at, step) -> {
            for (int i = 0; i < pixels; i++) {
                int index = row[i / perByte] >> (perByte - 1 - i % perByte) * bitDepth & mask;
                colours.copy(index, rgb, at + i * step);
            }
        };
    }

    /** 16-bit grey is clipped, not scaled: everything but the darkest 255 values is white. */
    private static PngColorConverter grey16(int key) {
        return (row, pixels, rgb, at, step) -> {
            for (int i = 0; i < pixels; i++) {
                int value = (row[2 * i] & 0xff) << 8 | row[2 * i + 1] & 0xff;
                int grey = Math.min(value, 255);
                WhiteBackground.put(grey, grey, grey, grey == key ? 0 : 255, rgb, at + i * step);
            }
        };
    }

    /**
     * The 8-bit grey that is transparent, or -1. Pillow compares the key's low byte with the greys after they were scaled or
     * clipped to 8 bits, which is not what the format says for other than 8 bits, but what the model saw.
     */
    private static int greyKey(ImageBytes file, PngDecoder.Span transparency) {
        if (transparency == null) return -1;
        if (transparency.length() != 2) throw file.damaged("tRNS has %d bytes".formatted(transparency.length()));
        return file.u16BigEndian(transparency.from()) & 0xff;
    }

    private static Palette greys(ImageBytes file, int bitDepth, int key) {
        Palette greys = Palette.grays(file, 1 << bitDepth);
        for (int i = 0; i < greys.size(); i++) {
            if (255 * i / (greys.size() - 1) == key) greys.setAlpha(i, 0);
        }
        return greys;
    }

    private static Palette palette(ImageBytes file, PngDecoder.Span palette, PngDecoder.Span transparency) {
        int size = palette.length() / 3;
        int alphas = transparency == null ? 0 : Math.min(transparency.length(), size);
        Palette colours = new Palette(file, size);
        for (int i = 0; i < size; i++) {
            int at = palette.from() + 3 * i;
            int alpha = i < alphas ? file.u8(transparency.from() + i) : 255;
            colours.set(i, file.u8(at), file.u8(at + 1), file.u8(at + 2), alpha);
        }
        return colours;
    }
}
