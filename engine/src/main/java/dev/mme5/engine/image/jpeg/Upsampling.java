package dev.mme5.engine.image.jpeg;

import dev.mme5.engine.image.jpeg.header.JpegComponent;
import dev.mme5.engine.image.jpeg.header.JpegFrame;

/**
 * Brings the rows of one component to the width of the image, and finds for each row of the image what it is made of, as libjpeg
 * does: "fancy" (triangle) filters where a side is doubled and repeated samples for all other ratios.
 */
final class Upsampling {
    private enum Filter {
        /** Samples and pixels correspond. */
        NONE,
        /** Each sample is repeated. */
        REPEAT,
        /** 3 parts of the sample and 1 of its neighbour to the left or right. */
        ACROSS,
        /** 3 parts of the sample and 1 of its neighbour above or below. */
        DOWN,
        /** Both. */
        BOTH
    }

    /** The horizontal filter has special rules for the first and last sample of a row. */
    private static final int MIN_WIDTH = 3;

    private final SamplePlane plane;
    private final Filter filter;
    private final int factorAcross;
    private final int factorDown;
    private final int samplesWide;
    private final int[] buffer;
    private final int[] sums;

    private int[] row;

    Upsampling(JpegFrame frame, SamplePlane plane) {
        JpegComponent component = plane.component();
        this.plane = plane;
        this.factorAcross = frame.maxAcross() / component.across();
        this.factorDown = frame.maxDown() / component.down();
        this.samplesWide = component.samplesWide();
        this.filter = filter(factorAcross, factorDown, samplesWide);
        this.buffer = new int[filter == Filter.NONE ? 0 : samplesWide * factorAcross];
        this.sums = new int[filter == Filter.BOTH ? samplesWide : 0];
    }

    private static Filter filter(int across, int down, int samplesWide) {
        if (across == 1 && down == 1) return Filter.NONE;
        if (across == 1 && down == 2) return Filter.DOWN;
        boolean doubled = across == 2 && samplesWide >= MIN_WIDTH;
        if (doubled && down == 1) return Filter.ACROSS;
        return doubled && down == 2 ? Filter.BOTH : Filter.REPEAT;
    }

    /** Bytes of heap of the buffers of a component. */
    static long bytes(JpegFrame frame, JpegComponent component) {
        return (long) Integer.BYTES * component.samplesWide() * (frame.maxAcross() / component.across() + 1);
    }

    /** Makes a row of the image; {@link #row} is it until the next call. */
    void makeRow(int y) {
        int near = y / factorDown;
        row = buffer;
        switch (filter) {
            case NONE -> row = plane.row(near);
            case REPEAT -> repeat(plane.row(near));
            case ACROSS -> across(plane.row(near));
            case DOWN -> down(plane.row(near), plane.row(neighbour(y)), y % 2 == 0 ? 1 : 2);
            case BOTH -> both(plane.row(near), plane.row(neighbour(y)));
        }
    }

    int[] row() {
        return row;
    }

    /** The second row of samples of a row of a doubled image: above for even rows, below for odd ones. */
    private static int neighbour(int y) {
        return y % 2 == 0 ? y / 2 - 1 : y / 2 + 1;
    }

    private void repeat(int[] samples) {
        if (factorAcross == 1) {
            row = samples;
            return;
        }
        for (int i = 0; i < buffer.length; i++) buffer[i] = samples[i / factorAcross];
    }

    private void across(int[] samples) {
        int last = samplesWide - 1;
        buffer[0] = samples[0];
        buffer[2 * last + 1] = samples[last];
        int here = samples[0];
        for (int i = 0; i < last; i++) {
            int next = samples[i + 1];
            buffer[2 * i + 1] = 3 * here + next + 2 >> 2;
            buffer[2 * i + 2] = 3 * next + here + 1 >> 2;
            here = next;
        }
    }

    /** @param rounding 1 or 2, so that neither row is brighter on average */
    private void down(int[] near, int[] far, int rounding) {
        for (int i = 0; i < samplesWide; i++) buffer[i] = 3 * near[i] + far[i] + rounding >> 2;
    }

    private void both(int[] near, int[] far) {
        int last = samplesWide - 1;
        for (int i = 0; i <= last; i++) sums[i] = 3 * near[i] + far[i];
        buffer[0] = 4 * sums[0] + 8 >> 4;
        buffer[2 * last + 1] = 4 * sums[last] + 7 >> 4;
        int here = sums[0];
        for (int i = 0; i < last; i++) {
            int next = sums[i + 1];
            buffer[2 * i + 1] = 3 * here + next + 7 >> 4;
            buffer[2 * i + 2] = 3 * next + here + 8 >> 4;
            here = next;
        }
    }
}
