package dev.mme5.engine.image.webp.vp8;

import dev.mme5.engine.image.webp.vp8.Vp8Header.Quantizer;
import java.util.Arrays;

/**
 * The coefficients of one macroblock after the other (RFC 6386 section 13): 16 blocks of luma, 4 of U and 4 of V, of 16
 * coefficients each, dequantised, and the second transform of luma already undone.
 */
final class Vp8Residuals {
    static final int BLOCKS = 24;

    /** How much of a block is not 0: {@link #blockKind}. */
    static final int EMPTY = 0;
    static final int DC_ONLY = 1;
    static final int FULL = 2;

    private static final int LUMA_WITHOUT_DC = 0;
    private static final int LUMA_DC = 1;
    private static final int CHROMA = 2;
    private static final int LUMA = 3;

    private static final int BAND = Vp8Tables.CONTEXTS * Vp8Tables.NODES;
    private static final int PLANE = Vp8Tables.BANDS * BAND;
    private static final int SECOND_ORDER = BLOCKS * 16;

    /** Offsets of the band of a coefficient, and of the one after the last. */
    private static final int[] BANDS = offsets(0, 1, 2, 3, 6, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 0);

    private static final int[] ZIGZAG = {0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15};
    private static final int[][] LARGE_VALUES =
            {{173, 148, 140}, {176, 155, 140, 135}, {180, 157, 141, 134, 130}, {254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129}};

    /** Contexts of a macroblock: which of its last blocks had coefficients; 4 of luma, 2 of U, 2 of V, 1 of the second order. */
    private static final int CONTEXTS = 9;

    private static final int SECOND_ORDER_CONTEXT = 8;

    private final byte[] probabilities;
    private final byte[] above;
    private final byte[] left = new byte[CONTEXTS];
    private final short[] coefficients = new short[SECOND_ORDER + 16];
    private final byte[] kinds = new byte[BLOCKS];

    Vp8Residuals(byte[] probabilities, int macroblockColumns) {
        this.probabilities = probabilities;
        this.above = new byte[macroblockColumns * CONTEXTS];
    }

    /** Coefficients [block, 16], row by row in each block. */
    short[] coefficients() {
        return coefficients;
    }

    /** EMPTY, DC_ONLY or FULL. */
    int blockKind(int block) {
        return kinds[block];
    }

    void startRow() {
        Arrays.fill(left, (byte) 0);
    }

    /** A macroblock without coefficients. */
    void skip(int column, boolean subblockModes) {
        Arrays.fill(kinds, (byte) EMPTY);
        int contexts = subblockModes ? CONTEXTS - 1 : CONTEXTS; // it has no second order: that context stays
        Arrays.fill(left, 0, contexts, (byte) 0);
        Arrays.fill(above, column * CONTEXTS, column * CONTEXTS + contexts, (byte) 0);
    }

    /** Reads a macroblock; returns whether anything in it is not 0. */
    boolean read(BoolDecoder tokens, Quantizer quantizer, int column, boolean subblockModes) {
        Arrays.fill(coefficients, (short) 0);
        int context = column * CONTEXTS;
        int plane = LUMA;
        int first = 0;
        if (!subblockModes) {
            readSecondOrder(tokens, quantizer, context);
            plane = LUMA_WITHOUT_DC;
            first = 1;
        }
        boolean any = false;
        for (int y = 0; y < 4; y++) {
            for (int x = 0; x < 4; x++) {
                any |= readBlock(tokens, plane, first, 4 * y + x, context + x, y, quantizer.yDc(), quantizer.yAc());
            }
        }
        for (int i = 0; i < 8; i++) {
            int x = 4 + (i >> 2 << 1) + (i & 1);
            int y = 4 + (i >> 2 << 1) + (i >> 1 & 1);
            any |= readBlock(tokens, CHROMA, 0, 16 + i, context + x, y, quantizer.chromaDc(), quantizer.chromaAc());
        }
        return any;
    }

    private void readSecondOrder(BoolDecoder tokens, Quantizer quantizer, int context) {
        int flags = above[context + SECOND_ORDER_CONTEXT] + left[SECOND_ORDER_CONTEXT];
        int end = readCoefficients(tokens, LUMA_DC * PLANE, flags, 0, SECOND_ORDER, quantizer.y2Dc(), quantizer.y2Ac());
        byte flag = (byte) (end > 0 ? 1 : 0);
        above[context + SECOND_ORDER_CONTEXT] = flag;
        left[SECOND_ORDER_CONTEXT] = flag;
        if (end > 0) Vp8Transform.inverseWht(coefficients, SECOND_ORDER, coefficients);
    }

    private boolean readBlock(BoolDecoder tokens, int plane, int first, int block, int aboveContext, int leftContext, int dc, int ac) {
        int end = readCoefficients(tokens, plane * PLANE, above[aboveContext] + left[leftContext], first, 16 * block, dc, ac);
        byte flag = (byte) (end > first ? 1 : 0);
        above[aboveContext] = flag;
        left[leftContext] = flag;
        kinds[block] = (byte) (end > 1 ? FULL : coefficients[16 * block] != 0 ? DC_ONLY : EMPTY);
        return kinds[block] != EMPTY;
    }

    /** Reads one block from a coefficient on; returns the coefficient after the last one that is coded. */
    private int readCoefficients(BoolDecoder tokens, int plane, int context, int first, int offset, int dc, int ac) {
        byte[] p = probabilities;
        int node = plane + BANDS[first] + context * Vp8Tables.NODES;
        for (int i = first; i < 16; i++) {
            if (tokens.bit(p[node] & 0xff) == 0) return i;
            while (tokens.bit(p[node + 1] & 0xff) == 0) {
                if (++i == 16) return 16;
                node = plane + BANDS[i];
            }
            int next = plane + BANDS[i + 1];
            int magnitude;
            if (tokens.bit(p[node + 2] & 0xff) == 0) {
                magnitude = 1;
                next += Vp8Tables.NODES;
            } else {
                magnitude = readLarge(tokens, p, node);
                next += 2 * Vp8Tables.NODES;
            }
            int value = tokens.bit(128) == 0 ? magnitude : -magnitude;
            coefficients[offset + ZIGZAG[i]] = (short) (value * (i == 0 ? dc : ac));
            node = next;
        }
        return 16;
    }

    /** A magnitude of 2 or more. */
    private static int readLarge(BoolDecoder tokens, byte[] p, int node) {
        if (tokens.bit(p[node + 3] & 0xff) == 0) {
            if (tokens.bit(p[node + 4] & 0xff) == 0) return 2;
            return 3 + tokens.bit(p[node + 5] & 0xff);
        }
        if (tokens.bit(p[node + 6] & 0xff) == 0) {
            if (tokens.bit(p[node + 7] & 0xff) == 0) return 5 + tokens.bit(159);
            int high = tokens.bit(165);
            return 7 + 2 * high + tokens.bit(145);
        }
        int high = tokens.bit(p[node + 8] & 0xff);
        int category = 2 * high + tokens.bit(p[node + 9 + high] & 0xff);
        int extra = 0;
        for (int probability : LARGE_VALUES[category]) extra = 2 * extra + tokens.bit(probability);
        return 3 + (8 << category) + extra;
    }

    private static int[] offsets(int... bands) {
        return Arrays.stream(bands).map(band -> band * BAND).toArray();
    }
}
