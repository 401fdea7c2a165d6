package dev.mme5.engine.image.tiff;

import dev.mme5.engine.image.raster.ImageBytes;
import java.util.Arrays;

/** What the samples of a pixel are. The combinations that are read are those that Pillow opens. */
enum TiffMode {
    GRAY,
    GRAY_16,
    GRAY_16_SIGNED,
    GRAY_32,
    GRAY_FLOAT,
    GRAY_ALPHA,
    PALETTE,
    PALETTE_ALPHA,
    RGB,
    RGB_ALPHA,
    RGB_ASSOCIATED_ALPHA,
    CMYK,
    YCBCR;

    private static final int WHITE_IS_ZERO = 0;
    private static final int BLACK_IS_ZERO = 1;

    private static final int UNSIGNED = 1;
    private static final int SIGNED = 2;
    private static final int FLOAT = 3;

    private static final int ASSOCIATED_ALPHA = 1;
    private static final int ALPHA = 2;
    private static final int COREL_ALPHA = 999;

    /**
     * The properties that decide.
     *
     * @param photometric the tag of that name
     * @param format number format of the samples
     * @param fillOrder 1, or 2 if the lowest bit of a byte comes first
     * @param bits of each sample
     * @param extra meaning of each sample beyond the colours
     */
    record Key(boolean littleEndian, int photometric, int format, int fillOrder, int[] bits, int[] extra) {
        private boolean uniform(int... allowed) {
            for (int b : bits) if (b != bits[0]) return false;
            for (int a : allowed) if (bits[0] == a) return true;
            return false;
        }

        /** Whether there are this many samples and the extra ones are as listed. */
        private boolean samples(int count, int... extras) {
            return bits.length == count && Arrays.equals(extra, extras);
        }

        private boolean anyOrder() {
            return fillOrder == 1 || fillOrder == 2;
        }
    }

    static TiffMode of(ImageBytes file, Key key) {
        TiffMode mode = switch (key.photometric()) {
            case WHITE_IS_ZERO, BLACK_IS_ZERO -> gray(key);
            case 2 -> rgb(key);
            case 3 -> palette(key);
            case 5 -> cmyk(key);
            case 6 -> key.format() == UNSIGNED && key.fillOrder() == 1 && key.uniform(8) && key.samples(3) ? YCBCR : null;
            case 8, 9, 10 -> throw file.unsupported("TIFF with Lab colours is not supported; convert it to RGB");
            default -> null;
        };
        if (mode == null) {
            throw file.unsupported("TIFF with photometric interpretation %d, samples of %s bits and format %d is not supported"
                    .formatted(key.photometric(), Arrays.toString(key.bits()), key.format()));
        }
        return mode;
    }

    private static TiffMode gray(Key key) {
        boolean blackIsZero = key.photometric() == BLACK_IS_ZERO;
        boolean first = key.fillOrder() == 1;
        if (blackIsZero && first && key.format() == UNSIGNED && key.uniform(8) && key.samples(2, ALPHA)) return GRAY_ALPHA;
        if (!key.samples(1)) return null;
        int bits = key.bits()[0];
        return switch (key.format()) {
            case UNSIGNED -> {
                if (key.uniform(1, 2, 4, 8) && key.anyOrder()) yield GRAY;
                if (bits == 12 && key.littleEndian() && blackIsZero && first) yield GRAY_16;
                boolean either = key.littleEndian() ? first || blackIsZero && key.anyOrder() : blackIsZero && first;
                if (bits == 16 && either) yield GRAY_16;
                yield bits == 32 && key.littleEndian() && blackIsZero && first ? GRAY_32 : null;
            }
            case SIGNED -> {
                if (!blackIsZero || !first) yield null;
                yield bits == 8 ? GRAY : bits == 16 ? GRAY_16_SIGNED : bits == 32 ? GRAY_32 : null;
            }
            case FLOAT -> bits == 32 && first ? GRAY_FLOAT : null;
            default -> null;
        };
    }

    private static TiffMode rgb(Key key) {
        if (key.format() != UNSIGNED || !key.uniform(8, 16)) return null;
        boolean eight = key.uniform(8);
        if (key.samples(3)) return key.fillOrder() == 1 || eight && key.anyOrder() ? RGB : null;
        if (key.fillOrder() != 1) return null;
        if (key.samples(4) || key.samples(4, ALPHA) || eight && key.samples(4, COREL_ALPHA)) return RGB_ALPHA;
        if (key.samples(4, 0)) return RGB;
        if (key.samples(4, ASSOCIATED_ALPHA)) return RGB_ASSOCIATED_ALPHA;
        if (!eight) return null;
        if (key.samples(5, 0, 0) || key.samples(6, 0, 0, 0)) return RGB;
        if (key.samples(5, ASSOCIATED_ALPHA, 0) || key.samples(6, ASSOCIATED_ALPHA, 0, 0)) return RGB_ASSOCIATED_ALPHA;
        return key.samples(5, ALPHA, 0) || key.samples(6, ALPHA, 0, 0) ? RGB_ALPHA : null;
    }

    private static TiffMode palette(Key key) {
        if (key.format() != UNSIGNED) return null;
        if (key.samples(1)) return key.uniform(1, 2, 4, 8) && key.anyOrder() ? PALETTE : null;
        if (key.fillOrder() != 1 || !key.uniform(8)) return null;
        return key.samples(2, 0) ? PALETTE : key.samples(2, ALPHA) ? PALETTE_ALPHA : null;
    }

    private static TiffMode cmyk(Key key) {
        if (key.format() != UNSIGNED || key.fillOrder() != 1) return null;
        if (key.samples(4)) return key.uniform(8, 16) ? CMYK : null;
        return key.uniform(8) && (key.samples(5, 0) || key.samples(6, 0, 0)) ? CMYK : null;
    }
}
