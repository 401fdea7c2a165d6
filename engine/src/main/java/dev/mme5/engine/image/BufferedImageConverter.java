package dev.mme5.engine.image;

import dev.mme5.engine.image.raster.RgbImage;
import dev.mme5.engine.image.raster.WhiteBackground;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;

/**
 * Pixels of a BufferedImage by the rules for files (reference section 10.1). Greys and 16-bit samples are read from the raster:
 * {@link BufferedImage#getRGB} takes grey for linear light and is off by up to 73. All other kinds come from getRGB, which is exact
 * for packed and indexed colours.
 */
final class BufferedImageConverter {
    private final BufferedImage image;
    private final int width;

    BufferedImageConverter(BufferedImage image) {
        this.image = image;
        this.width = image.getWidth();
    }

    /** Bytes that converting takes beside the pixels: a row of samples. */
    long bytes() {
        return (long) Integer.BYTES * width * samples();
    }

    private int samples() {
        return Math.max(1, image.getRaster().getNumBands());
    }

    /** @param rgb for the pixels, [height, width, 3] */
    RgbImage toRgb(byte[] rgb) {
        boolean fileSamples = hasFileSamples(image.getColorModel());
        int[] row = new int[Math.multiplyExact(width, samples())];
        for (int y = 0; y < image.getHeight(); y++) {
            int offset = 3 * y * width;
            if (fileSamples) {
                samplesToRgb(y, row, rgb, offset);
            } else {
                image.getRGB(0, y, width, 1, row, 0, width);
                for (int x = 0; x < width; x++) {
                    int p = row[x];
                    WhiteBackground.put(p >> 16 & 0xff, p >> 8 & 0xff, p & 0xff, p >>> 24, rgb, offset + 3 * x);
                }
            }
        }
        return new RgbImage(width, image.getHeight(), rgb);
    }

    /** Whether the samples are those a file would hold: 8 or 16 bits of grey or sRGB, colours not multiplied by alpha. */
    private static boolean hasFileSamples(ColorModel model) {
        if (!(model instanceof ComponentColorModel) || model.isAlphaPremultiplied()) return false;
        boolean bits = model.getTransferType() == DataBuffer.TYPE_BYTE || model.getTransferType() == DataBuffer.TYPE_USHORT;
        for (int size : model.getComponentSize()) bits &= size == DataBuffer.getDataTypeSize(model.getTransferType());
        return bits && (model.getColorSpace().isCS_sRGB() || model.getColorSpace().getType() == ColorSpace.TYPE_GRAY);
    }

    private void samplesToRgb(int y, int[] row, byte[] rgb, int offset) {
        Raster raster = image.getRaster();
        raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
        int bands = raster.getNumBands();
        boolean wide = raster.getTransferType() == DataBuffer.TYPE_USHORT;
        if (wide) {
            // Pillow clips 16-bit grey and keeps the high bytes of all other 16-bit samples.
            for (int i = 0; i < width * bands; i++) row[i] = bands == 1 ? Math.min(row[i], 255) : row[i] >> 8;
        }
        for (int x = 0; x < width; x++) {
            int first = x * bands;
            int green = bands < 3 ? first : first + 1;
            int blue = bands < 3 ? first : first + 2;
            int alpha = bands % 2 == 0 ? row[first + bands - 1] : 255;
            WhiteBackground.put(row[first], row[green], row[blue], alpha, rgb, offset + 3 * x);
        }
    }
}
