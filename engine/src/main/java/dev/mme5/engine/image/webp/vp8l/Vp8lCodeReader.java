package dev.mme5.engine.image.webp.vp8l;

import dev.mme5.engine.image.raster.ImageBytes;
import java.util.Arrays;

/** Reads prefix codes from a lossless stream (RFC 9649 section 3.7.2). */
final class Vp8lCodeReader {
    static final int LITERALS = 256;
    static final int LENGTHS = 24;

    private static final int DISTANCES = 40;

    private static final int[] LENGTH_CODE_ORDER = {17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    private static final int FIRST_REPETITION = 16;
    private static final int[] REPETITION_BITS = {2, 3, 7};
    private static final int[] MIN_REPETITIONS = {3, 3, 11};
    private static final int DEFAULT_LENGTH = 8;

    /** Of a group and its codes, without their tables. */
    private static final int OBJECT_BYTES = 300;

    /** The five codes that a region of the image uses. */
    record Group(Vp8lHuffman green, Vp8lHuffman red, Vp8lHuffman blue, Vp8lHuffman alpha, Vp8lHuffman distance, boolean fixedOthers,
            int others) {
        /**
         * @param green green values, then lengths, then indices of the colour cache
         * @param fixedOthers whether red, blue and alpha take no bits: then others holds them
         */
        Group {}

        static Group of(Vp8lHuffman green, Vp8lHuffman red, Vp8lHuffman blue, Vp8lHuffman alpha, Vp8lHuffman distance) {
            boolean fixed = red.isSingle() && blue.isSingle() && alpha.isSingle();
            int others = fixed ? alpha.symbol() << 24 | red.symbol() << 16 | blue.symbol() : 0;
            return new Group(green, red, blue, alpha, distance, fixed, others);
        }

        long bytes() {
            return OBJECT_BYTES + green.bytes() + red.bytes() + blue.bytes() + alpha.bytes() + distance.bytes();
        }
    }

    private final ImageBytes file;
    private final Vp8lBitReader in;
    private final int greens;

    /** By symbol, for the code at hand. */
    private final int[] lengths;

    /** @param cacheSize colours in the cache */
    Vp8lCodeReader(ImageBytes file, Vp8lBitReader in, int cacheSize) {
        this.file = file;
        this.in = in;
        this.greens = LITERALS + LENGTHS + cacheSize;
        this.lengths = new int[greens];
    }

    /** Reads the five codes of a group. */
    Group readGroup() {
        return Group.of(readCode(greens), readCode(LITERALS), readCode(LITERALS), readCode(LITERALS), readCode(DISTANCES));
    }

    private Vp8lHuffman readCode(int symbols) {
        Arrays.fill(lengths, 0);
        if (in.flag()) {
            readSimpleLengths();
        } else {
            readLengths(symbols);
        }
        Vp8lHuffman code = in.exhausted() ? null : Vp8lHuffman.of(lengths, symbols);
        if (code == null) throw file.damaged("a prefix code of its lossless stream is not complete");
        return code;
    }

    /** One or two symbols, with a bit each; one beyond the alphabet is ignored. */
    private void readSimpleLengths() {
        boolean two = in.flag();
        lengths[in.read(in.flag() ? 8 : 1)] = 1;
        if (two) lengths[in.read(8)] = 1;
    }

    /** Code lengths, themselves in a prefix code, with codes for repetitions. */
    private void readLengths(int symbols) {
        int[] lengthLengths = new int[LENGTH_CODE_ORDER.length];
        int given = 4 + in.read(4);
        for (int i = 0; i < given; i++) lengthLengths[LENGTH_CODE_ORDER[i]] = in.read(3);
        Vp8lHuffman code = Vp8lHuffman.of(lengthLengths, lengthLengths.length);
        if (code == null) throw file.damaged("a code of code lengths of its lossless stream is not complete");
        int codes = symbols;
        if (in.flag()) {
            int bits = 2 + 2 * in.read(3);
            codes = 2 + in.read(bits);
            if (codes > symbols) throw file.damaged("%d code lengths, expected %d at most".formatted(codes, symbols));
        }
        int previous = DEFAULT_LENGTH;
        for (int symbol = 0; symbol < symbols && codes > 0; codes--) {
            in.fill();
            int length = code.read(in);
            if (length < FIRST_REPETITION) {
                lengths[symbol++] = length;
                if (length != 0) previous = length;
                continue;
            }
            int kind = length - FIRST_REPETITION;
            int end = symbol + MIN_REPETITIONS[kind] + in.read(REPETITION_BITS[kind]);
            if (end > symbols) throw file.damaged("code lengths for %d symbols, expected %d".formatted(end, symbols));
            Arrays.fill(lengths, symbol, end, kind == 0 ? previous : 0);
            symbol = end;
        }
    }
}
