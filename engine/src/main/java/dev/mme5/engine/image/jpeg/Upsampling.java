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
    private final byte[] buffer;
    private final int[] sums;

    private byte[] row;
    private int rowOffset;

    Upsampling(JpegFrame frame, SamplePlane plane) {
        JpegComponent component = plane.component();
        this.plane = plane;
        this.factorAcross = frame.maxAcross() / component.across();
        this.factorDown = frame.maxDown() / component.down();
        this.samplesWide = component.samplesWide();
        this.filter = filter(factorAcross, factorDown, samplesWide);
        this.buffer = new byte[filter == Filter.NONE ? 0 : samplesWide * factorAcross];
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
        return (long) component.samplesWide() * (frame.maxAcross() / component.across() + Integer.BYTES);
    }

    /** Makes a row of the image; {@link #row} and {@link #rowOffset} tell where it is until the next call. */
    void makeRow(int y) {
        int near = y / factorDown;
        row = buffer;
        rowOffset = 0;
        switch (filter) {
            case NONE -> {
                row = plane.samples();
                rowOffset = plane.rowOffset(near);
            }
            case REPEAT -> repeat(plane.rowOffset(near));
            case ACROSS -> across(plane.rowOffset(near));
            case DOWN -> down(plane.rowOffset(near), plane.rowOffset(neighbour(y)), y % 2 == 0 ? 1 : 2);
            case BOTH -> both(plane.rowOffset(near), plane.rowOffset(neighbour(y)));
        }
    }

    byte[] row() {
        return row;
    }

    int rowOffset() {
        return rowOffset;
    }

    /** The second row of samples of a row of a doubled image: above for even rows, below for odd ones. */
    private static int neighbour(int y) {
        return y % 2 == 0 ? y / 2 - 1 : y / 2 + 1;
    }

    private void repeat(int from) {
        byte[] samples = plane.samples();
        if (factorAcross == 1) {
            row = samples;
            rowOffset = from;
            return;
        }
        for (int i = 0; i < buffer.length; i++) buffer[i] = samples[from + i / factorAcross];
    }

    private void across(int from) {
        byte[] samples = plane.samples();
        int last = samplesWide - 1;
        buffer[0] = samples[from];
        buffer[2 * last + 1] = samples[from + last];
        int here = samples[from] & 0xff;
        for (int i = 0; i < last; i++) {
            int next = samples[from + i + 1] & 0xff;
            buffer[2 * i + 1] = (byte) (3 * here + next + 2 >> 2);
            buffer[2 * i + 2] = (byte) (3 * next + here + 1 >> 2);
            here = next;
        }
    }

    /** @param rounding 1 or 2, so that neither row is brighter on average */
    private void down(int near, int far, int rounding) {
        byte[] samples = plane.samples();
        for (int i = 0; i < samplesWide; i++) {
            buffer[i] = (byte) (3 * (samples[near + i] & 0xff) + (samples[far + i] & 0xff) + rounding >> 2);
        }
    }

    private void both(int near, int far) {
        byte[] samples = plane.samples();
        int last = samplesWide - 1;
        for (int i = 0; i <= last; i++) sums[i] = 3 * (samples[near + i] & 0xff) + (samples[far + i] & 0xff);
        buffer[0] = (byte) (4 * sums[0] + 8 >> 4);
        buffer[2 * last + 1] = (byte) (4 * sums[last] + 7 >> 4);
        int here = sums[0];
        for (int i = 0; i < last; i++) {
            int next = sums[i + 1];
            buffer[2 * i + 1] = (byte) (3 * here + next + 7 >> 4);
            buffer[2 * i + 2] = (byte) (3 * next + here + 8 >> 4);
            here = next;
        }
    }
}
