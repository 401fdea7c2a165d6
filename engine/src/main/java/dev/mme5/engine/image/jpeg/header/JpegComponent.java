package dev.mme5.engine.image.jpeg.header;

/**
 * A channel of a frame and its size in blocks and samples: T.81 sections A.1.1 and A.2.
 *
 * @param id what scans call it
 * @param across horizontal sampling factor, 1 to 4
 * @param down vertical sampling factor, 1 to 4
 * @param quantTable number of its quantisation table
 * @param blocksWide blocks that hold samples, in a row
 * @param blocksHigh rows of such blocks
 * @param paddedWide blocks in a row of whole MCUs
 * @param paddedHigh rows of blocks in whole MCUs
 * @param samplesWide samples in a row
 * @param samplesHigh rows of samples
 */
public record JpegComponent(
        int id, int across, int down, int quantTable, int blocksWide, int blocksHigh, int paddedWide, int paddedHigh, int samplesWide,
        int samplesHigh) {}
