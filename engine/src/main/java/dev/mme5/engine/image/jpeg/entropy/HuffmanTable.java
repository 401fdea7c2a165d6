package dev.mme5.engine.image.jpeg.entropy;

/**
 * A Huffman table of T.81 annex C, prepared for decoding. Codes of up to {@link #LOOKUP_BITS} bits are found by one look-up; if
 * the coefficient's value fits into these bits too, the look-up gives it as well.
 */
public final class HuffmanTable {
    static final int LOOKUP_BITS = 10;

    /** What {@link #find} returns if the bits start with no code. */
    static final int NO_CODE = 0;

    private static final int MAX_CODE_LENGTH = 16;
    private static final int MAX_SYMBOLS = 256;

    /** Number of codes of each length, 1 to 16, at index length. */
    private final int[] counts;
    private final byte[] symbols;
    /** First code after those of a length, left-aligned to 16 bits, at index length. */
    private final int[] endOfLength = new int[MAX_CODE_LENGTH + 1];
    /** Index of a code's symbol is the code plus this. */
    private final int[] symbolOffset = new int[MAX_CODE_LENGTH + 1];

    /** For a code at the start of 10 bits: entry as of {@link #entry}; 0 for longer codes. */
    private final int[] codes = new int[1 << LOOKUP_BITS];
    /** The same, with the value of a coefficient in it where that fits: see {@link #withValue}. */
    private final int[] coefficients = new int[1 << LOOKUP_BITS];

    /**
     * A table as a DHT segment holds it.
     *
     * @param counts number of codes of each length at index 1 to 16
     * @param symbols by code
     * @throws IllegalArgumentException if there are more codes of a length than possible
     */
    public HuffmanTable(int[] counts, byte[] symbols) {
        this.counts = counts.clone();
        this.symbols = symbols.clone();
        int code = 0;
        int index = 0;
        for (int length = 1; length <= MAX_CODE_LENGTH; length++) {
            symbolOffset[length] = index - code;
            for (int i = 0; i < counts[length]; i++, code++, index++) {
                if (code >= 1 << length || index >= Math.min(symbols.length, MAX_SYMBOLS)) {
                    throw new IllegalArgumentException("more codes of %d bits than possible".formatted(length));
                }
                if (length <= LOOKUP_BITS) fillLookup(code, length, symbols[index] & 0xff);
            }
            endOfLength[length] = code << MAX_CODE_LENGTH - length;
            code <<= 1;
        }
    }

    /** Whether every symbol can be the size of a DC difference. */
    public boolean isForDc() {
        for (byte symbol : symbols) if ((symbol & 0xff) > 15) return false;
        return true;
    }

    private void fillLookup(int code, int length, int symbol) {
        int first = code << LOOKUP_BITS - length;
        for (int i = first; i < first + (1 << LOOKUP_BITS - length); i++) {
            codes[i] = entry(length, symbol);
            coefficients[i] = withValue(i, length, symbol);
        }
    }

    /** Bits 0 to 4: length; 8 to 11: run; 12 to 15: size. Run and size are the halves of the symbol. */
    private static int entry(int length, int symbol) {
        return length | (symbol >> 4) << 8 | (symbol & 15) << 12;
    }

    static int codeLength(int entry) {
        return entry & 31;
    }

    static int run(int entry) {
        return entry >> 8 & 15;
    }

    static int size(int entry) {
        return entry >> 12 & 15;
    }

    static int symbol(int entry) {
        return run(entry) << 4 | size(entry);
    }

    /** Entry of size 0 with {@link #HAS_VALUE}: the length includes the value's bits, and the upper half is the value. */
    private static int withValue(int bits, int length, int symbol) {
        int size = symbol & 15;
        int rest = LOOKUP_BITS - length - size;
        if (size == 0 || rest < 0) return entry(length, symbol);
        int value = extend(bits >> rest & (1 << size) - 1, size);
        return entry(length + size, symbol & 0xf0) | HAS_VALUE | value << 16;
    }

    static final int HAS_VALUE = 32;

    /** The number that n bits stand for: T.81 figure F.12. */
    static int extend(int bits, int n) {
        return bits < 1 << n - 1 ? bits + (-1 << n) + 1 : bits;
    }

    /** The look-up of codes with values, by the next 10 bits. */
    int[] coefficients() {
        return coefficients;
    }

    /** The entry of the code at the start of 64 bits. */
    int find(long buffer) {
        int entry = codes[(int) (buffer >>> 64 - LOOKUP_BITS)];
        return entry != 0 ? entry : findLong(buffer);
    }

    /** The same for a code of more than 10 bits. */
    int findLong(long buffer) {
        int next = (int) (buffer >>> 64 - MAX_CODE_LENGTH);
        for (int length = LOOKUP_BITS + 1; length <= MAX_CODE_LENGTH; length++) {
            if (counts[length] > 0 && next < endOfLength[length]) {
                int index = symbolOffset[length] + (next >> MAX_CODE_LENGTH - length);
                return entry(length, symbols[index] & 0xff);
            }
        }
        return NO_CODE;
    }
}
