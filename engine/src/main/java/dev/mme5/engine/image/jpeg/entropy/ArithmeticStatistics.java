package dev.mme5.engine.image.jpeg.entropy;

import dev.mme5.engine.image.raster.ImageBytes;
import dev.mme5.engine.image.raster.ImageException;
import java.util.Arrays;

/**
 * The statistical models of arithmetic coding for the components of a scan, and how numbers are coded with them: T.81 section
 * F.1.4. Components with the same table share its bins.
 */
final class ArithmeticStatistics {
    private static final int TABLES = 16;
    private static final int DC_BINS = 49 + 15;
    private static final int AC_BINS = 245 + 11;
    /** Table F.4: bin X1 of DC differences. */
    private static final int DC_MAGNITUDE = 20;
    /** Table F.5: bins X2 of low and of high AC coefficients. */
    private static final int LOW_AC_MAGNITUDE = 189;
    private static final int HIGH_AC_MAGNITUDE = 217;
    /** From a bin of a magnitude category to that of its bits. */
    private static final int BITS = 14;
    private static final int MAX_MAGNITUDE = 0x8000;

    private final ImageBytes file;
    private final ArithmeticReader in;
    private final ArithmeticConditioning conditioning;
    private final int[] dcTables;
    private final int[] acTables;
    private final byte[][] dcBins = new byte[TABLES][DC_BINS];
    private final byte[][] acBins = new byte[TABLES][AC_BINS];
    private final int[] predictions;
    /** First bin of the next DC difference, by the one before: table F.4. */
    private final int[] contexts;

    ArithmeticStatistics(
            ImageBytes file, ArithmeticReader in, ArithmeticConditioning conditioning, int[] dcTables, int[] acTables) {
        this.file = file;
        this.in = in;
        this.conditioning = conditioning;
        this.dcTables = dcTables;
        this.acTables = acTables;
        this.predictions = new int[dcTables.length];
        this.contexts = new int[dcTables.length];
    }

    void reset() {
        for (byte[] bins : dcBins) Arrays.fill(bins, (byte) 0);
        for (byte[] bins : acBins) Arrays.fill(bins, (byte) 0);
        Arrays.fill(predictions, 0);
        Arrays.fill(contexts, 0);
    }

    byte[] acBins(int component) {
        return acBins[acTables[component]];
    }

    /** The next DC coefficient of a component: figures F.19 and F.21 to F.24. */
    int dc(int component) {
        int table = dcTables[component];
        byte[] bins = dcBins[table];
        int first = contexts[component];
        contexts[component] = 0;
        if (!in.decide(bins, first)) return predictions[component];
        boolean negative = in.decide(bins, first + 1);
        int bin = first + (negative ? 3 : 2);
        int magnitude = 0;
        if (in.decide(bins, bin)) {
            magnitude = 1;
            bin = DC_MAGNITUDE;
            while (in.decide(bins, bin)) {
                magnitude = doubled(magnitude);
                bin++;
            }
        }
        contexts[component] = conditioning.context(table, magnitude, negative);
        int difference = number(bins, bin, magnitude, negative);
        predictions[component] = (predictions[component] + difference) & 0xffff;
        return predictions[component];
    }

    /** A new AC coefficient, which is not zero. */
    int ac(int component, int k) {
        byte[] bins = acBins(component);
        boolean negative = in.decideEvenly();
        int bin = 3 * (k - 1) + 2;
        int magnitude = 0;
        if (in.decide(bins, bin)) {
            magnitude = 1;
            if (in.decide(bins, bin)) {
                magnitude = 2;
                bin = conditioning.isLow(acTables[component], k) ? LOW_AC_MAGNITUDE : HIGH_AC_MAGNITUDE;
                while (in.decide(bins, bin)) {
                    magnitude = doubled(magnitude);
                    bin++;
                }
            }
        }
        return number(bins, bin, magnitude, negative);
    }

    private int doubled(int magnitude) {
        if (2 * magnitude == MAX_MAGNITUDE) throw invalid();
        return 2 * magnitude;
    }

    private int number(byte[] bins, int bin, int magnitude, boolean negative) {
        int value = magnitude;
        for (int bit = magnitude >> 1; bit > 0; bit >>= 1) if (in.decide(bins, bin + BITS)) value |= bit;
        return negative ? -(value + 1) : value + 1;
    }

    /** Index of the coefficient that is next in a run of zeros. */
    int next(int k, int last) {
        if (k >= last) throw invalid();
        return k + 1;
    }

    private ImageException invalid() {
        return file.damaged("an invalid arithmetic code before byte %d".formatted(in.position()));
    }
}
