package dev.mme5.engine.image.jpeg.entropy;

import dev.mme5.engine.image.raster.ImageBytes;

/** Arithmetic decoding of sequential and progressive scans: T.81 sections F.2.4 and G.2. */
public final class ArithmeticBlocks implements BlockDecoder {
    private static final ScanBand ALL = new ScanBand(0, Zigzag.BLOCK - 1, 0, 0);

    private final ArithmeticReader in;
    private final ArithmeticStatistics statistics;
    private final ScanBand band;

    private ArithmeticBlocks(ArithmeticReader in, ArithmeticStatistics statistics, ScanBand band) {
        this.in = in;
        this.statistics = statistics;
        this.band = band;
    }

    /** A sequential scan. Numbers of tables, 0 to 15, by index of the component in the scan. */
    public static ArithmeticBlocks sequential(
            ImageBytes file, ArithmeticConditioning conditioning, int[] dcTables, int[] acTables) {
        return progressive(file, conditioning, dcTables, acTables, ALL);
    }

    /** A progressive scan. */
    public static ArithmeticBlocks progressive(
            ImageBytes file, ArithmeticConditioning conditioning, int[] dcTables, int[] acTables, ScanBand band) {
        ArithmeticReader in = new ArithmeticReader(file);
        return new ArithmeticBlocks(in, new ArithmeticStatistics(file, in, conditioning, dcTables, acTables), band);
    }

    @Override
    public void startInterval(int offset) {
        statistics.reset();
        in.start(offset);
    }

    /** Encoders leave out final zeros, so this cannot be known. */
    @Override
    public boolean hasAllData() {
        return true;
    }

    @Override
    public int position() {
        return in.position();
    }

    @Override
    public boolean endsCleanly() {
        return false;
    }

    @Override
    public int decode(int component, short[] coefficients, int offset) {
        if (band.isDc() && band.isRefinement()) {
            if (in.decideEvenly()) coefficients[offset] |= (short) (1 << band.lowBit());
            return 0;
        }
        if (band.isDc()) coefficients[offset] = (short) (statistics.dc(component) << band.lowBit());
        if (band.last() == 0) return 0;
        return band.isRefinement() ? refineAc(coefficients, offset) : firstAc(component, coefficients, offset);
    }

    /** Figure F.20. */
    private int firstAc(int component, short[] coefficients, int offset) {
        byte[] bins = statistics.acBins(component);
        int written = 0;
        for (int k = Math.max(band.first(), 1); k <= band.last(); k++) {
            if (in.decide(bins, 3 * (k - 1))) break;
            while (!in.decide(bins, 3 * (k - 1) + 1)) k = statistics.next(k, band.last());
            coefficients[offset + Zigzag.natural(k)] = (short) (statistics.ac(component, k) << band.lowBit());
            written = k;
        }
        return written;
    }

    /** Figure G.10. */
    private int refineAc(short[] coefficients, int offset) {
        byte[] bins = statistics.acBins(0);
        int low = 1 << band.lowBit();
        int end = band.last();
        while (end > 0 && coefficients[offset + Zigzag.natural(end)] == 0) end--;
        int written = 0;
        for (int k = band.first(); k <= band.last(); k++) {
            if (k > end && in.decide(bins, 3 * (k - 1))) break;
            for (;; k = statistics.next(k, band.last())) {
                int at = offset + Zigzag.natural(k);
                int value = coefficients[at];
                if (value != 0) {
                    if (in.decide(bins, 3 * (k - 1) + 2)) coefficients[at] = (short) (value < 0 ? value - low : value + low);
                    break;
                }
                if (in.decide(bins, 3 * (k - 1) + 1)) {
                    coefficients[at] = (short) (in.decideEvenly() ? -low : low);
                    written = k;
                    break;
                }
            }
        }
        return written;
    }
}
