package dev.mme5.engine.image.jpeg.entropy;

/**
 * Decodes the blocks of a scan in the order in which they are coded. Damage is an
 * {@link dev.mme5.engine.image.raster.ImageException}.
 */
public interface BlockDecoder {
    /** Starts an interval between restart markers: predictions and statistics are reset. */
    void startInterval(int offset);

    /**
     * Decodes one block, or what this scan adds to it.
     *
     * @param component index in the scan
     * @param coefficients in natural order (row by row), not dequantised; a first scan finds zeros
     * @param offset of the block
     * @return zigzag index of the last coefficient that was written; 0 if none
     */
    int decode(int component, short[] coefficients, int offset);

    /** Whether every bit that was decoded since the interval's start is in the file. */
    boolean hasAllData();

    /** Offset of the first byte that was not read; decoders read ahead, but never past a marker. */
    int position();

    /**
     * Whether the coded data end as an encoder ends them, and not in the middle of other data. It matters if no marker follows:
     * a file whose rest was never written is often filled with zeros, which decode to grey.
     */
    boolean endsCleanly();
}
