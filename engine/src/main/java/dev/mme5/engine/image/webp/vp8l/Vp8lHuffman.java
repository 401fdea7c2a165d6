package dev.mme5.engine.image.webp.vp8l;

/**
 * One prefix code as a table of two levels: up to 8 bits choose an entry, which is a symbol or leads to a second table for the
 * bits that follow. Only a complete code is accepted, or a single symbol that takes no bits; so the tables' sizes follow from the
 * lengths and no code can lie outside of them.
 */
final class Vp8lHuffman {
    static final int MAX_LENGTH = 15;

    private static final int MAX_ROOT_BITS = 8;
    private static final int LENGTH_BITS = 4;
    private static final int LENGTH_MASK = (1 << LENGTH_BITS) - 1;

    /**
     * Entries symbol << 4 | bits to consume. In the first level more bits than {@link #rootBits} mean that the upper part is the
     * offset of a second table, for as many bits as are more.
     */
    private final int[] table;

    private final int rootBits;

    private Vp8lHuffman(int[] table, int rootBits) {
        this.table = table;
        this.rootBits = rootBits;
    }

    /**
     * The code with these lengths, symbols in order.
     *
     * @param lengths by symbol, 0 to 15; 0 is no code
     * @param symbols that count
     * @return null if the code is empty, oversubscribed or incomplete
     */
    static Vp8lHuffman of(int[] lengths, int symbols) {
        int[] counts = new int[MAX_LENGTH + 1];
        for (int symbol = 0; symbol < symbols; symbol++) counts[lengths[symbol]]++;
        int used = symbols - counts[0];
        if (used == 0) return null;
        if (used == 1) return single(lengths);
        int space = 0;
        int maxLength = 0;
        for (int length = 1; length <= MAX_LENGTH; length++) {
            space += counts[length] << MAX_LENGTH - length;
            if (counts[length] > 0) maxLength = length;
        }
        if (space != 1 << MAX_LENGTH) return null;
        return build(lengths, symbols, counts, maxLength);
    }

    /** Reads a symbol; the reader must have been filled. */
    int read(Vp8lBitReader in) {
        int bits = in.peek();
        int entry = table[bits & (1 << rootBits) - 1];
        int length = entry & LENGTH_MASK;
        if (length > rootBits) {
            int index = bits >>> rootBits & (1 << length - rootBits) - 1;
            entry = table[(entry >>> LENGTH_BITS) + index];
            length = rootBits + (entry & LENGTH_MASK);
        }
        in.skip(length);
        return entry >>> LENGTH_BITS;
    }

    boolean isSingle() {
        return rootBits == 0;
    }

    /** The only symbol of a code that {@link #isSingle}. */
    int symbol() {
        return table[0] >>> LENGTH_BITS;
    }

    long bytes() {
        return 4L * table.length;
    }

    private static Vp8lHuffman single(int[] lengths) {
        int symbol = 0;
        while (lengths[symbol] == 0) symbol++;
        return new Vp8lHuffman(new int[] {symbol << LENGTH_BITS}, 0);
    }

    private static Vp8lHuffman build(int[] lengths, int symbols, int[] counts, int maxLength) {
        int rootBits = Math.min(maxLength, MAX_ROOT_BITS);
        int[] next = firstCodes(counts);
        int[] codes = new int[symbols];
        int[] secondBits = new int[1 << rootBits];
        for (int symbol = 0; symbol < symbols; symbol++) {
            int length = lengths[symbol];
            if (length == 0) continue;
            codes[symbol] = Integer.reverse(next[length]++) >>> Integer.SIZE - length; // first bit lowest
            int prefix = codes[symbol] & secondBits.length - 1;
            secondBits[prefix] = Math.max(secondBits[prefix], length - rootBits);
        }
        int size = secondBits.length;
        for (int bits : secondBits) if (bits > 0) size += 1 << bits;
        int[] table = new int[size];
        int second = secondBits.length;
        for (int prefix = 0; prefix < secondBits.length; prefix++) {
            if (secondBits[prefix] == 0) continue;
            table[prefix] = second << LENGTH_BITS | rootBits + secondBits[prefix];
            second += 1 << secondBits[prefix];
        }
        for (int symbol = 0; symbol < symbols; symbol++) {
            int length = lengths[symbol];
            if (length == 0) continue;
            if (length <= rootBits) {
                fill(table, codes[symbol], 1 << length, secondBits.length, symbol << LENGTH_BITS | length);
            } else {
                int prefix = codes[symbol] & secondBits.length - 1;
                int from = table[prefix] >>> LENGTH_BITS;
                int entry = symbol << LENGTH_BITS | length - rootBits;
                fill(table, from + (codes[symbol] >>> rootBits), 1 << length - rootBits, from + (1 << secondBits[prefix]), entry);
            }
        }
        return new Vp8lHuffman(table, rootBits);
    }

    /** The first code of each length: codes are consecutive, shorter ones first. */
    private static int[] firstCodes(int[] counts) {
        int[] first = new int[MAX_LENGTH + 1];
        for (int length = 2; length <= MAX_LENGTH; length++) first[length] = first[length - 1] + counts[length - 1] << 1;
        return first;
    }

    private static void fill(int[] table, int from, int step, int end, int entry) {
        for (int i = from; i < end; i += step) table[i] = entry;
    }

}
