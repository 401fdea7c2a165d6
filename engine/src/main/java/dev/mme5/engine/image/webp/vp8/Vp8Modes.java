package dev.mme5.engine.image.webp.vp8;

import java.util.Arrays;

/** The prediction modes of one macroblock after the other (RFC 6386 section 11). */
final class Vp8Modes {
    private static final int[] BLOCK_AS_SUBBLOCK = {Vp8SubblockPrediction.DC, Vp8SubblockPrediction.VERTICAL,
        Vp8SubblockPrediction.HORIZONTAL, Vp8SubblockPrediction.TRUE_MOTION};

    private final Vp8Header header;
    private final BoolDecoder in;
    private final int[] above;
    private final int[] left = new int[4];

    // The macroblock at hand.
    private int segment;
    private boolean skipped;
    private boolean subblocks;
    private int luma;
    private int chroma;
    private final int[] subblockModes = new int[16];

    Vp8Modes(Vp8Header header, int macroblockColumns) {
        this.header = header;
        this.in = header.modes;
        this.above = new int[4 * macroblockColumns];
    }

    void startRow() {
        Arrays.fill(left, Vp8SubblockPrediction.DC);
    }

    void read(int column) {
        segment = header.readSegment();
        skipped = header.readSkip();
        subblocks = in.bit(145) == 0;
        if (subblocks) {
            readSubblockModes(4 * column);
        } else {
            if (in.bit(156) == 0) {
                luma = in.bit(163) == 0 ? Vp8Prediction.DC : Vp8Prediction.VERTICAL;
            } else {
                luma = in.bit(128) == 0 ? Vp8Prediction.HORIZONTAL : Vp8Prediction.TRUE_MOTION;
            }
            Arrays.fill(above, 4 * column, 4 * column + 4, BLOCK_AS_SUBBLOCK[luma]);
            Arrays.fill(left, BLOCK_AS_SUBBLOCK[luma]);
        }
        if (in.bit(142) == 0) {
            chroma = Vp8Prediction.DC;
        } else if (in.bit(114) == 0) {
            chroma = Vp8Prediction.VERTICAL;
        } else {
            chroma = in.bit(183) == 0 ? Vp8Prediction.HORIZONTAL : Vp8Prediction.TRUE_MOTION;
        }
    }

    int segment() {
        return segment;
    }

    /** Whether the macroblock has no coefficients. */
    boolean skipped() {
        return skipped;
    }

    /** Whether each of its 16 luma subblocks has a mode of its own. */
    boolean hasSubblockModes() {
        return subblocks;
    }

    int subblockMode(int block) {
        return subblockModes[block];
    }

    int luma() {
        return luma;
    }

    int chroma() {
        return chroma;
    }

    private void readSubblockModes(int column) {
        for (int y = 0; y < 4; y++) {
            for (int x = 0; x < 4; x++) {
                int mode = readSubblockMode(above[column + x], left[y]);
                subblockModes[4 * y + x] = mode;
                above[column + x] = mode;
                left[y] = mode;
            }
        }
    }

    private int readSubblockMode(int aboveMode, int leftMode) {
        if (!node(aboveMode, leftMode, 0)) return Vp8SubblockPrediction.DC;
        if (!node(aboveMode, leftMode, 1)) return Vp8SubblockPrediction.TRUE_MOTION;
        if (!node(aboveMode, leftMode, 2)) return Vp8SubblockPrediction.VERTICAL;
        if (!node(aboveMode, leftMode, 3)) {
            if (!node(aboveMode, leftMode, 4)) return Vp8SubblockPrediction.HORIZONTAL;
            return node(aboveMode, leftMode, 5) ? Vp8SubblockPrediction.VERTICAL_RIGHT : Vp8SubblockPrediction.RIGHT_DOWN;
        }
        if (!node(aboveMode, leftMode, 6)) return Vp8SubblockPrediction.LEFT_DOWN;
        if (!node(aboveMode, leftMode, 7)) return Vp8SubblockPrediction.VERTICAL_LEFT;
        return node(aboveMode, leftMode, 8) ? Vp8SubblockPrediction.HORIZONTAL_UP : Vp8SubblockPrediction.HORIZONTAL_DOWN;
    }

    private boolean node(int aboveMode, int leftMode, int node) {
        return in.bit(Vp8Tables.modeProbability(aboveMode, leftMode, node)) != 0;
    }
}
