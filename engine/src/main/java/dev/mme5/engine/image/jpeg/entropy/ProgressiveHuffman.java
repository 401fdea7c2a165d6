package dev.mme5.engine.image.jpeg.entropy;

import dev.mme5.engine.image.raster.ImageBytes;
import java.util.Arrays;

/** Huffman decoding of progressive scans: T.81 section G.2. Scans of AC coefficients have one component. */
public final class ProgressiveHuffman implements BlockDecoder {
    private final ImageBytes file;
    private final BitReader bits;
    private final HuffmanTable[] tables;
    private final ScanBand band;
    private final int[] predictions;

    /** Blocks of the current interval that have no more new coefficients. */
    private int endOfBandRun;

    /**
     * Tables by index of the component in the scan: for DC, or the one for AC. Refinements of DC need none.
     *
     * @param components in the scan
     */
    public ProgressiveHuffman(ImageBytes file, HuffmanTable[] tables, ScanBand band, int components) {
        this.file = file;
        this.bits = new BitReader(file);
        this.tables = tables;
        this.band = band;
        this.predictions = new int[components];
    }

    @Override
    public void startInterval(int offset) {
        bits.start(offset);
        Arrays.fill(predictions, 0);
        endOfBandRun = 0;
    }

    @Override
    public boolean hasAllData() {
        return bits.hasAllData();
    }

    @Override
    public int position() {
        return bits.position();
    }

    @Override
    public boolean endsCleanly() {
        return bits.endsCleanly();
    }

    @Override
    public int decode(int component, short[] coefficients, int offset) {
        if (band.isDc()) {
            if (band.isRefinement()) {
                if (bits.bits(1) != 0) coefficients[offset] |= (short) (1 << band.lowBit());
            } else {
                int difference = DcDifference.read(bits, tables[component]);
                predictions[component] = DcDifference.add(file, predictions[component], difference);
                coefficients[offset] = (short) (predictions[component] << band.lowBit());
            }
            return 0;
        }
        int last = band.isRefinement() ? refineAc(coefficients, offset) : firstAc(coefficients, offset);
        return Math.min(last, Zigzag.BLOCK - 1);
    }

    private int firstAc(short[] coefficients, int offset) {
        if (endOfBandRun > 0) {
            endOfBandRun--;
            return 0;
        }
        int last = 0;
        for (int k = band.first(); k <= band.last(); k++) {
            int symbol = bits.symbol(tables[0]);
            int run = symbol >> 4;
            int size = symbol & 15;
            if (size != 0) {
                k += run;
                coefficients[offset + Zigzag.natural(k)] = (short) (bits.number(size) << band.lowBit());
                last = k;
            } else if (run == 15) {
                k += 15;
            } else {
                endOfBandRun = readEndOfBandRun(run) - 1;
                break;
            }
        }
        return last;
    }

    /** Number of blocks, this one included. */
    private int readEndOfBandRun(int size) {
        return (1 << size) + (size == 0 ? 0 : bits.bits(size));
    }

    /** T.81 figure G.7: every coefficient that is not zero has a correction bit; new ones are 1 or -1. */
    private int refineAc(short[] coefficients, int offset) {
        int last = 0;
        int k = band.first();
        if (endOfBandRun == 0) {
            for (; k <= band.last(); k++) {
                int symbol = bits.symbol(tables[0]);
                int run = symbol >> 4;
                int added = 0;
                if ((symbol & 15) != 0) {
                    if ((symbol & 15) != 1) throw bits.invalidCode();
                    added = bits.bits(1) != 0 ? 1 << band.lowBit() : -1 << band.lowBit();
                } else if (run != 15) {
                    endOfBandRun = readEndOfBandRun(run);
                    break;
                }
                k = correct(coefficients, offset, k, run);
                if (added != 0) {
                    coefficients[offset + Zigzag.natural(k)] = (short) added;
                    last = k;
                }
            }
        }
        if (endOfBandRun > 0) {
            correct(coefficients, offset, k, Zigzag.BLOCK);
            endOfBandRun--;
        }
        return last;
    }

    /** Corrects coefficients from k on and skips a number of zeros; returns the index of the next zero, or the end. */
    private int correct(short[] coefficients, int offset, int k, int zeros) {
        int low = 1 << band.lowBit();
        int left = zeros;
        for (int i = k; i <= band.last(); i++) {
            int at = offset + Zigzag.natural(i);
            int value = coefficients[at];
            if (value == 0) {
                if (--left < 0) return i;
            } else if (bits.bits(1) != 0 && (value & low) == 0) {
                coefficients[at] = (short) (value >= 0 ? value + low : value - low);
            }
        }
        return band.last() + 1;
    }
}
