package dev.mme5.engine.image;

import dev.mme5.engine.image.raster.RgbImage;
import java.util.Arrays;

/**
 * Resizes along one axis with a triangle filter that widens when shrinking (antialiasing): Pillow's 8-bit BILINEAR, bit for
 * bit. Weights are integers with 22 fraction bits; every output byte is a rounded, clipped integer sum. Reference section 10.5.
 */
public final class BilinearResize {
    private static final int FRACTION_BITS = 22;
    private static final int HALF = 1 << (FRACTION_BITS - 1);

    /** Weights held at once, 4 MB: those of a line of 100 million pixels would need more memory than the line. */
    private static final int MOST_WEIGHTS = 1 << 20;

    /** What they and a line's own filter take, unless a single filter is wider. */
    public static final long WEIGHT_BYTES = (long) Integer.BYTES * MOST_WEIGHTS;

    private final int in;
    private final double scale;
    private final double support;
    private final double[] triangle;

    private BilinearResize(int in, int out) {
        this.in = in;
        this.scale = (double) in / out;
        this.support = Math.max(scale, 1);
        this.triangle = new double[2 * (int) Math.ceil(support) + 1];
    }

    /** The picture at width x height: first across, rounded to bytes, then down; a pass that changes nothing is skipped. */
    public static RgbImage resize(RgbImage image, int width, int height) {
        RgbImage across = width == image.width() ? image : new BilinearResize(image.width(), width).across(image, width);
        return height == across.height() ? across : new BilinearResize(across.height(), height).down(across, height);
    }

    /** Index of the first input sample that output sample i is made of. */
    private int first(int i) {
        return Math.max((int) ((i + 0.5) * scale - support + 0.5), 0);
    }

    /** Number of input samples that output sample i is made of. */
    private int count(int i) {
        return Math.min((int) ((i + 0.5) * scale + support + 0.5), in) - first(i);
    }

    /** Writes the {@code count(i)} weights of output sample i. The order of the double operations is Pillow's. */
    private void weights(int i, int[] out, int at) {
        double center = (i + 0.5) * scale;
        int first = first(i);
        int count = count(i);
        double sum = 0;
        for (int x = 0; x < count; x++) {
            triangle[x] = Math.max(0, 1 - Math.abs((x + first - center + 0.5) * (1.0 / support)));
            sum += triangle[x];
        }
        for (int x = 0; x < count; x++) out[at + x] = (int) (0.5 + triangle[x] / sum * (1 << FRACTION_BITS));
    }

    private RgbImage across(RgbImage image, int width) {
        byte[] out = new byte[3 * width * image.height()];
        int window = triangle.length;
        int columns = Math.clamp(MOST_WEIGHTS / window, 1, width);
        int[] weights = new int[columns * window];
        for (int from = 0; from < width; from += columns) {
            int to = Math.min(from + columns, width);
            for (int x = from; x < to; x++) weights(x, weights, (x - from) * window);
            for (int y = 0; y < image.height(); y++) {
                for (int x = from; x < to; x++) {
                    int firstByte = 3 * (y * image.width() + first(x));
                    addPixels(image.rgb(), firstByte, weights, (x - from) * window, count(x), out, 3 * (y * width + x));
                }
            }
        }
        return new RgbImage(width, image.height(), out);
    }

    private static void addPixels(byte[] in, int from, int[] weights, int firstWeight, int count, byte[] out, int at) {
        int red = HALF;
        int green = HALF;
        int blue = HALF;
        for (int k = 0; k < count; k++) {
            int weight = weights[firstWeight + k];
            red += (in[from + 3 * k] & 0xff) * weight;
            green += (in[from + 3 * k + 1] & 0xff) * weight;
            blue += (in[from + 3 * k + 2] & 0xff) * weight;
        }
        out[at] = clipped(red);
        out[at + 1] = clipped(green);
        out[at + 2] = clipped(blue);
    }

    private RgbImage down(RgbImage image, int height) {
        int rowBytes = 3 * image.width();
        byte[] out = new byte[rowBytes * height];
        int[] sums = new int[rowBytes];
        int[] weights = new int[triangle.length];
        for (int y = 0; y < height; y++) {
            weights(y, weights, 0);
            Arrays.fill(sums, HALF);
            for (int k = 0; k < count(y); k++) addRow(image.rgb(), (first(y) + k) * rowBytes, weights[k], sums);
            for (int i = 0; i < rowBytes; i++) out[y * rowBytes + i] = clipped(sums[i]);
        }
        return new RgbImage(image.width(), height, out);
    }

    /** Row by row and not pixel by pixel, so that neighbouring bytes are neighbouring lanes. */
    private static void addRow(byte[] in, int from, int weight, int[] sums) {
        for (int i = 0; i < sums.length; i++) sums[i] += (in[from + i] & 0xff) * weight;
    }

    private static byte clipped(int sum) {
        return (byte) Math.clamp(sum >> FRACTION_BITS, 0, 255);
    }
}
