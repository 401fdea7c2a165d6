package dev.mme5.engine.image.jpeg;

import dev.mme5.engine.image.jpeg.entropy.Zigzag;
import dev.mme5.engine.image.jpeg.header.JpegComponent;
import java.util.Arrays;

/** Quantised coefficients of one component: of all its blocks, or of one row of MCUs at a time. */
final class CoefficientPlane {
    private final int blocksWide;
    private final int blocksHigh;
    private final short[] coefficients;
    /** Zigzag index of each block's last coefficient that may differ from zero. */
    private final byte[] last;

    /** @param blocksHigh rows of blocks that are held at a time */
    CoefficientPlane(JpegComponent component, int blocksHigh) {
        this.blocksWide = component.paddedWide();
        this.blocksHigh = blocksHigh;
        this.coefficients = new short[blocksWide * blocksHigh * Zigzag.BLOCK];
        this.last = new byte[blocksWide * blocksHigh];
    }

    /** Bytes of heap for a number of blocks. */
    static long bytes(long blocks) {
        return blocks * (Short.BYTES * Zigzag.BLOCK + 1);
    }

    void clear() {
        Arrays.fill(coefficients, (short) 0);
        Arrays.fill(last, (byte) 0);
    }

    short[] coefficients() {
        return coefficients;
    }

    /** Index of a block; rows beyond those held start again at 0. */
    int block(int x, int y) {
        return y % blocksHigh * blocksWide + x;
    }

    /** Offset of a block's coefficients. */
    static int offset(int block) {
        return block * Zigzag.BLOCK;
    }

    int last(int block) {
        return last[block];
    }

    void raiseLast(int block, int index) {
        if (index > last[block]) last[block] = (byte) index;
    }
}
