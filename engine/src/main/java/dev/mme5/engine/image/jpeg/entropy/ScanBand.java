package dev.mme5.engine.image.jpeg.entropy;

/**
 * The part of the coefficients that a progressive scan codes.
 *
 * @param first zigzag index of the first coefficient; 0 is DC
 * @param last zigzag index of the last coefficient
 * @param highBit lowest bit known before this scan; 0 if this scan is the first
 * @param lowBit lowest bit known after this scan
 */
public record ScanBand(int first, int last, int highBit, int lowBit) {
    private static final int MAX_LOW_BIT = 13;

    public boolean isDc() {
        return first == 0;
    }

    public boolean isRefinement() {
        return highBit != 0;
    }

    /** Whether T.81 allows it for a scan of this many components. */
    public boolean isValid(int components) {
        if (isDc() ? last != 0 : last < first || last >= Zigzag.BLOCK || components != 1) return false;
        return lowBit <= MAX_LOW_BIT && (!isRefinement() || lowBit == highBit - 1);
    }
}
