package dev.mme5.engine.image.jpeg.header;

import dev.mme5.engine.image.jpeg.entropy.ScanBand;

/**
 * A scan header, and the restart interval that holds for it.
 *
 * @param components indices in the frame
 * @param dcTables number of the table for DC coefficients, by index in the scan
 * @param acTables the same for AC coefficients
 * @param band the coefficients of a progressive scan; means nothing otherwise
 * @param restartInterval MCUs between two restart markers, 0 if there are none
 * @param dataOffset of the first coded byte
 */
public record JpegScan(int[] components, int[] dcTables, int[] acTables, ScanBand band, int restartInterval, int dataOffset) {}
