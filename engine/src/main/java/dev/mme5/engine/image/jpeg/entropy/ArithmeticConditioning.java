package dev.mme5.engine.image.jpeg.entropy;

import java.util.Arrays;

/** The conditioning values of arithmetic coding that DAC segments set: T.81 section B.2.4.3. */
public final class ArithmeticConditioning {
    private static final int TABLES = 16;

    private final int[] dcLower = new int[TABLES];
    private final int[] dcUpper = new int[TABLES];
    private final int[] acLow = new int[TABLES];

    public ArithmeticConditioning() {
        reset();
    }

    /** Sets the defaults: L = 0, U = 1, Kx = 5. */
    public void reset() {
        Arrays.fill(dcLower, 0);
        Arrays.fill(dcUpper, 1);
        Arrays.fill(acLow, 5);
    }

    /** Sets the bounds of small differences; lower is not above upper. */
    public void setDc(int table, int lower, int upper) {
        dcLower[table] = lower;
        dcUpper[table] = upper;
    }

    public void setAc(int table, int last) {
        acLow[table] = last;
    }

    /** First bin of the next DC difference after one of this magnitude: table F.4. */
    int context(int table, int magnitude, boolean negative) {
        int sign = negative ? 4 : 0;
        if (magnitude < 1 << dcLower[table] >> 1) return 0;
        return magnitude > 1 << dcUpper[table] >> 1 ? 12 + sign : 4 + sign;
    }

    boolean isLow(int table, int k) {
        return k <= acLow[table];
    }
}
