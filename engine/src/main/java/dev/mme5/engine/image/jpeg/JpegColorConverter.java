package dev.mme5.engine.image.jpeg;

/**
 * Channels of a JPEG to RGB: libjpeg's fixed-point YCbCr (jdcolor.c, 16 fraction bits) and Pillow's CMYK (reference section
 * 10.1). Conversions of three channels are in place.
 */
final class JpegColorConverter {
    private static final int FRACTION_BITS = 16;
    private static final int HALF = 1 << (FRACTION_BITS - 1);
    private static final int RED_OF_CR = fixed(1.40200);
    private static final int GREEN_OF_CR = fixed(0.71414);
    private static final int GREEN_OF_CB = fixed(0.34414);
    private static final int BLUE_OF_CB = fixed(1.77200);

    private JpegColorConverter() {}

    private static int fixed(double factor) {
        return (int) (factor * (1 << FRACTION_BITS) + 0.5);
    }

    /** Samples [pixels, channels] to [pixels, 3]. */
    static byte[] toRgb(byte[] samples, JpegFrame.Colours colours) {
        return switch (colours) {
            case RGB -> samples;
            case GREY -> greyToRgb(samples);
            case YCC -> {
                yccToRgb(samples, 3);
                yield samples;
            }
            case CMYK -> cmykToRgb(samples);
            case YCCK -> {
                yccToRgb(samples, 4);
                // YCC of the complements of cyan, magenta, yellow
                for (int i = 0; i < samples.length; i += 4) {
                    for (int c = 0; c < 3; c++) samples[i + c] = (byte) ~samples[i + c];
                }
                yield cmykToRgb(samples);
            }
        };
    }

    private static byte[] greyToRgb(byte[] grey) {
        byte[] rgb = new byte[3 * grey.length];
        for (int i = 0; i < grey.length; i++) {
            rgb[3 * i] = grey[i];
            rgb[3 * i + 1] = grey[i];
            rgb[3 * i + 2] = grey[i];
        }
        return rgb;
    }

    private static void yccToRgb(byte[] samples, int channels) {
        for (int i = 0; i < samples.length; i += channels) {
            int y = samples[i] & 0xff;
            int cb = (samples[i + 1] & 0xff) - 128;
            int cr = (samples[i + 2] & 0xff) - 128;
            samples[i] = clipped(y + (RED_OF_CR * cr + HALF >> FRACTION_BITS));
            samples[i + 1] = clipped(y + (HALF - GREEN_OF_CB * cb - GREEN_OF_CR * cr >> FRACTION_BITS));
            samples[i + 2] = clipped(y + (BLUE_OF_CB * cb + HALF >> FRACTION_BITS));
        }
    }

    /** Pillow takes every CMYK JPEG as Adobe's, in which 255 means no ink, whether marked so or not. */
    private static byte[] cmykToRgb(byte[] samples) {
        byte[] rgb = new byte[samples.length / 4 * 3];
        for (int i = 0, at = 0; i < samples.length; i += 4) {
            int light = samples[i + 3] & 0xff;
            for (int c = 0; c < 3; c++) {
                int product = (255 - (samples[i + c] & 0xff)) * light + 128;
                rgb[at++] = clipped(light - (product + (product >> 8) >> 8));
            }
        }
        return rgb;
    }

    private static byte clipped(int value) {
        return (byte) Math.clamp(value, 0, 255);
    }
}
