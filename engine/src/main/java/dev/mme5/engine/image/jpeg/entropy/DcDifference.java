package dev.mme5.engine.image.jpeg.entropy;

import dev.mme5.engine.image.raster.ImageBytes;

/** Differences of DC coefficients, Huffman-coded: T.81 section F.2.2.1. */
final class DcDifference {
    private DcDifference() {}

    static int read(BitReader bits, HuffmanTable table) {
        int size = bits.symbol(table);
        return size == 0 ? 0 : bits.number(size);
    }

    /** The next prediction. Only damaged files leave the range of int. */
    static int add(ImageBytes file, int prediction, int difference) {
        int sum = prediction + difference;
        if (((prediction ^ sum) & (difference ^ sum)) < 0) throw file.damaged("a DC coefficient out of range");
        return sum;
    }
}
