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

    /** Weights held at once, 4 MB: those of a row of 100 million pixels would need more memory than the row. */
    private static final int MAX_WEIGHTS = 1 << 20;

    /** Bytes of these weights and of the filter that computes them, unless a single filter is wider. */
    public static final long WEIGHT_BYTES = (long) Integer.BYTES * MAX_WEIGHTS;

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

    /** The image at width x height: first horizontally, rounded to bytes, then vertically; a pass that changes nothing is skipped. */
    public static RgbImage resize(RgbImage image, int width, int height) {
        RgbImage across = width == image.width() ? image : new BilinearResize(image.width(), width).across(image, width);
        return height == across.height() ? across : new BilinearResize(across.height(), height).down(across, height);
    }

    /** Index of the first input sample of output sample i. */
    private int first(int i) {
        return Math.max((int) ((i + 0.5) * scale - support + 0.5), 0);
    }

    /** Number of input samples of output sample i. */
    private int count(int i) {
        return Math.min((int) ((i + 0.5) * scale + support + 0.5), in) - first(i);
    }

    /** Writes the {@code count(i)} weights of output sample i. The order of the double operations is Pillow's. */
    private void weights(int i, int[] out, int offset) {
        double center = (i + 0.5) * scale;
        int first = first(i);
        int count = count(i);
        double sum = 0;
        for (int x = 0; x < count; x++) {
            triangle[x] = Math.max(0, 1 - Math.abs((x + first - center + 0.5) * (1.0 / support)));
            sum += triangle[x];
        }
        for (int x = 0; x < count; x++) out[offset + x] = (int) (0.5 + triangle[x] / sum * (1 << FRACTION_BITS));
    }

    private RgbImage across(RgbImage image, int width) {
        byte[] out = new byte[3 * width * image.height()];
        int window = triangle.length;
        int columns = Math.clamp(MAX_WEIGHTS / window, 1, width);
        int[] weights = new int[columns * window];
        int[] firsts = new int[columns];
        int[] counts = new int[columns];
        for (int from = 0; from < width; from += columns) {
            int to = Math.min(from + columns, width);
            for (int x = from; x < to; x++) {
                weights(x, weights, (x - from) * window);
                firsts[x - from] = 3 * first(x);
                counts[x - from] = count(x);
            }
            for (int y = 0; y < image.height(); y++) {
                row(image.rgb(), 3 * y * image.width(), weights, window, firsts, counts, to - from, out, 3 * (y * width + from));
            }
        }
        return new RgbImage(width, image.height(), out);
    }

    /** Writes some pixels of a row, each a weighted sum of its input pixels. */
    private static void row(byte[] in, int rowOffset, int[] weights, int window, int[] firsts, int[] counts, int columns, byte[] out,
            int outOffset) {
        for (int x = 0; x < columns; x++) {
            int red = HALF;
            int green = HALF;
            int blue = HALF;
            int pixel = rowOffset + firsts[x];
            int first = x * window;
            int end = first + counts[x];
            for (int k = first; k < end; k++, pixel += 3) {
                int weight = weights[k];
                red += (in[pixel] & 0xff) * weight;
                green += (in[pixel + 1] & 0xff) * weight;
                blue += (in[pixel + 2] & 0xff) * weight;
            }
            int target = outOffset + 3 * x;
            out[target] = clipped(red);
            out[target + 1] = clipped(green);
            out[target + 2] = clipped(blue);
        }
    }

    private RgbImage down(RgbImage image, int height) {
        int rowBytes = 3 * image.width();
        byte[] out = new byte[rowBytes * height];
        int[] sums = new int[rowBytes];
        int[] weights = new int[triangle.length];
        for (int y = 0; y < height; y++) {
            weights(y, weights, 0);
            Arrays.fill(sums, HALF);
            int first = first(y);
            int count = count(y);
            for (int k = 0; k < count; k++) addRow(image.rgb(), (first + k) * rowBytes, weights[k], sums);
            clip(sums, out, y * rowBytes);
        }
        return new RgbImage(image.width(), height, out);
    }

    /** Row by row and not pixel by pixel, so that the compiler uses vectors. */
    private static void addRow(byte[] in, int offset, int weight, int[] sums) {
        for (int i = 0; i < sums.length; i++) sums[i] += (in[offset + i] & 0xff) * weight;
    }

    private static void clip(int[] sums, byte[] out, int offset) {
        for (int i = 0; i < sums.length; i++) out[offset + i] = clipped(sums[i]);
    }

    private static byte clipped(int sum) {
        return (byte) Math.min(Math.max(sum >> FRACTION_BITS, 0), 255);
    }
}
