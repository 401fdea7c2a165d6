package dev.mme5.cli.preview;

import dev.mme5.engine.image.raster.RgbImage;

/**
 * Writes images as sixels, the graphics of DEC terminals: bands of six rows, each painted color by color. The palette has six steps of
 * red, green and blue; an ordered dither hides the steps.
 */
final class SixelEncoder {
    private static final int STEPS = 6;
    private static final int COLORS = STEPS * STEPS * STEPS;
    private static final int BAND_ROWS = 6;

    /** Bayer's 4 x 4 matrix: thresholds in sixteenths. */
    private static final int[] DITHER = {0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5};

    private final RgbImage image;
    private final StringBuilder out = new StringBuilder();

    private SixelEncoder(RgbImage image) {
        this.image = image;
    }

    static String encode(RgbImage image) {
        return new SixelEncoder(image).encode();
    }

    private String encode() {
        out.append("\033P0;1q\"1;1;").append(image.width()).append(';').append(image.height());
        for (int color = 0; color < COLORS; color++) {
            out.append('#').append(color).append(";2;").append(percent(color / STEPS / STEPS)).append(';')
                    .append(percent(color / STEPS % STEPS)).append(';').append(percent(color % STEPS));
        }
        for (int top = 0; top < image.height(); top += BAND_ROWS) writeBand(top);
        return out.append("\033\\").toString();
    }

    private static int percent(int step) {
        return 100 * step / (STEPS - 1);
    }

    private void writeBand(int top) {
        byte[][] columns = new byte[COLORS][]; // by color, a bit for each row
        for (int y = top; y < Math.min(top + BAND_ROWS, image.height()); y++) {
            for (int x = 0; x < image.width(); x++) {
                int color = color(x, y);
                if (columns[color] == null) columns[color] = new byte[image.width()];
                columns[color][x] |= (byte) (1 << (y - top));
            }
        }
        for (int color = 0; color < COLORS; color++) {
            if (columns[color] == null) continue;
            out.append('#').append(color);
            writeRuns(columns[color]);
            out.append('$'); // back to the start of the band
        }
        out.append('-'); // next band
    }

    private void writeRuns(byte[] sixels) {
        int end = sixels.length;
        while (end > 0 && sixels[end - 1] == 0) end--;
        for (int x = 0, run; x < end; x += run) {
            run = 1;
            while (x + run < end && sixels[x + run] == sixels[x]) run++;
            char sixel = (char) ('?' + sixels[x]);
            if (run > 3) out.append('!').append(run).append(sixel);
            else out.repeat(sixel, run);
        }
    }

    private int color(int x, int y) {
        int threshold = DITHER[y % 4 * 4 + x % 4];
        int offset = 3 * (y * image.width() + x);
        int color = 0;
        for (int channel = 0; channel < 3; channel++) {
            int sixteenths = (image.rgb()[offset + channel] & 0xff) * (STEPS - 1) * 16 / 255;
            color = color * STEPS + Math.min(STEPS - 1, (sixteenths + threshold) / 16);
        }
        return color;
    }
}
