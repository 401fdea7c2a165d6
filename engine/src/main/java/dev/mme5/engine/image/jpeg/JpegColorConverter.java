package dev.mme5.engine.image.jpeg;

import dev.mme5.engine.image.jpeg.header.JpegColors;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Rows of a JPEG's channels to rows of RGB, or of samples as they are: libjpeg's fixed-point YCbCr with 16 fraction bits, and Pillow's CMYK
 * (reference section 10.1). The loops are of a form that the JIT compiler vectorises: pixels are made as ints and then stored as bytes.
 */
final class JpegColorConverter {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int FRACTION_BITS = 16;
    private static final int HALF = 1 << (FRACTION_BITS - 1);
    private static final int CENTER = 128;
    private static final int MAX = 255;
    private static final int RED_OF_CR = fixed(1.40200);
    private static final int GREEN_OF_CR = fixed(0.71414);
    private static final int GREEN_OF_CB = fixed(0.34414);
    private static final int BLUE_OF_CB = fixed(1.77200);

    private final JpegColors colors;
    private final int width;
    private final Upsampling[] channels;
    private final int pixelBytes;
    /** A row of pixels: red + green << 8 + blue << 16. */
    private final int[] pixels;

    /** @param channels whose current rows are converted */
    JpegColorConverter(JpegColors colors, int width, Upsampling[] channels) {
        this.colors = colors;
        this.width = width;
        this.channels = channels;
        this.pixelBytes = pixelBytes(colors, channels.length);
        this.pixels = new int[width];
    }

    /** Bytes of a pixel: 3 of RGB, or as many as there are channels. */
    static int pixelBytes(JpegColors colors, int channels) {
        return colors == JpegColors.UNKNOWN ? channels : 3;
    }

    private static int fixed(double factor) {
        return (int) (factor * (1 << FRACTION_BITS) + 0.5);
    }

    private static int clipped(int value) {
        return Math.min(Math.max(value, 0), MAX);
    }

    /** Writes a row of the image. */
    void convertRow(int y, byte[] image) {
        int offset = pixelBytes * width * y;
        switch (colors) {
            case UNKNOWN -> {
                copySamples(image, offset);
                return;
            }
            case GRAY -> grayToPixels();
            case RGB, CMYK -> packPixels();
            case YCC, YCCK -> yccToPixels();
        }
        if (colors == JpegColors.CMYK || colors == JpegColors.YCCK) inkToPixels(colors == JpegColors.YCCK ? MAX : 0);
        store(image, offset);
    }

    private void copySamples(byte[] out, int offset) {
        for (int i = 0; i < pixelBytes; i++) {
            int[] samples = channels[i].row();
            for (int x = 0; x < width; x++) out[offset + pixelBytes * x + i] = (byte) samples[x];
        }
    }

    private void grayToPixels() {
        int[] gray = channels[0].row();
        for (int x = 0; x < width; x++) pixels[x] = gray[x] * 0x010101;
    }

    private void packPixels() {
        int[] first = channels[0].row();
        int[] second = channels[1].row();
        int[] third = channels[2].row();
        for (int x = 0; x < width; x++) pixels[x] = first[x] | second[x] << 8 | third[x] << 16;
    }

    private void yccToPixels() {
        int[] lumas = channels[0].row();
        int[] blues = channels[1].row();
        int[] reds = channels[2].row();
        for (int x = 0; x < width; x++) {
            int y = lumas[x];
            int cb = blues[x] - CENTER;
            int cr = reds[x] - CENTER;
            int red = clipped(y + (RED_OF_CR * cr + HALF >> FRACTION_BITS));
            int green = clipped(y + (HALF - GREEN_OF_CB * cb - GREEN_OF_CR * cr >> FRACTION_BITS));
            int blue = clipped(y + (BLUE_OF_CB * cb + HALF >> FRACTION_BITS));
            pixels[x] = red | green << 8 | blue << 16;
        }
    }

    /**
     * CMY pixels, or their complements, and the fourth channel to RGB. Pillow takes every CMYK JPEG as Adobe's, in which 255 means
     * no ink, whether marked so or not. In YCCK the first three channels are YCC of the complements of cyan, magenta and yellow.
     */
    private void inkToPixels(int complement) {
        int[] black = channels[3].row();
        for (int x = 0; x < width; x++) {
            int light = black[x];
            int pixel = 0;
            for (int shift = 0; shift < 24; shift += 8) {
                int ink = MAX - (pixels[x] >> shift & 0xff ^ complement);
                int product = ink * light + 128;
                pixel |= clipped(light - (product + (product >> 8) >> 8)) << shift;
            }
            pixels[x] = pixel;
        }
    }

    /** Each store writes four bytes, of which the next one overwrites the last. */
    private void store(byte[] rgb, int offset) {
        int at = offset;
        for (int x = 0; x < width - 1; x++, at += 3) INT.set(rgb, at, pixels[x]);
        int last = pixels[width - 1];
        rgb[at] = (byte) last;
        rgb[at + 1] = (byte) (last >> 8);
        rgb[at + 2] = (byte) (last >> 16);
    }
}
