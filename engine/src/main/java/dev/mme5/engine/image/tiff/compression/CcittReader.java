package dev.mme5.engine.image.tiff.compression;

import dev.mme5.engine.image.raster.ImageBytes;
import java.util.Arrays;

/**
 * Fax compression of black and white: Group 3 in one or two dimensions, Group 4, and the TIFF variant without line ends (ITU-T
 * T.4 and T.6). White is 0, black is 1.
 *
 * <p>A row is kept as the positions where its colour changes, the first one from white to black.
 */
public final class CcittReader implements SegmentReader {
    private static final int EOL_ZEROS = 11;

    private final ImageBytes file;
    private final TiffCompression kind;
    private final boolean twoDimensional;
    private final boolean lowBitFirst;
    private final int columns;
    private final long end;
    private long bit;
    private int[] above;
    private int[] changes;
    private int count;

    /**
     * A reader of one segment.
     *
     * @param twoDimensional whether Group 3 rows may refer to the row above
     * @param lowBitFirst whether the lowest bit of a byte comes first
     * @param columns pixels in a row
     */
    public CcittReader(ImageBytes file, TiffCompression kind, boolean twoDimensional, boolean lowBitFirst, int columns, int offset,
            int length) {
        this.file = file;
        this.kind = kind;
        this.twoDimensional = kind == TiffCompression.CCITT_G3 && twoDimensional;
        this.lowBitFirst = lowBitFirst;
        this.columns = columns;
        this.bit = 8L * offset;
        this.end = 8L * (offset + length);
        this.above = new int[columns + 6];
        this.changes = new int[columns + 6];
        Arrays.fill(above, columns);
    }

    @Override
    public void readRow(byte[] row) {
        count = 0;
        if (kind == TiffCompression.CCITT_G3) skipLineEnd();
        boolean byRowAbove = kind == TiffCompression.CCITT_G4 || twoDimensional && nextBits(1) == 0;
        if (byRowAbove) {
            readRowByRowAbove();
        } else {
            readRuns();
        }
        if (kind == TiffCompression.CCITT_RLE) bit = (bit + 7) / 8 * 8;
        Arrays.fill(changes, count, changes.length, columns);
        paint(row);
        int[] swapped = above;
        above = changes;
        changes = swapped;
    }

    private void readRuns() {
        int position = 0;
        for (boolean black = false; position < columns; black = !black) {
            position += readRun(black);
            change(position);
        }
    }

    private void readRowByRowAbove() {
        int position = -1;
        boolean black = false;
        int i = 0; // the next change above that begins the other colour
        while (position < columns) {
            if ((i & 1) != (black ? 1 : 0)) i += i > 0 ? -1 : 1;
            while (i >= 2 && above[i - 2] > position) i -= 2;
            while (above[i] <= position && above[i] < columns) i += 2;
            int vertical;
            if (nextBits(1) == 1) {
                vertical = 0;
            } else if (peek(2) == 0b11 || peek(2) == 0b10) {
                vertical = nextBits(2) == 0b11 ? 1 : -1;
            } else if (peek(2) == 0b01) {
                nextBits(2);
                int first = Math.max(position, 0) + readRun(black);
                change(first);
                position = first + readRun(!black);
                change(position);
                continue;
            } else if (peek(3) == 0b001) {
                nextBits(3);
                position = above[i + 1];
                continue;
            } else {
                vertical = readLongVertical();
            }
            position = above[i] + vertical;
            change(position);
            black = !black;
        }
    }

    /** A distance of 2 or 3 from the row above; three zeros are still to be read. */
    private int readLongVertical() {
        nextBits(3);
        if (nextBits(1) == 1) return nextBits(1) == 1 ? 2 : -2;
        if (nextBits(1) == 1) return nextBits(1) == 1 ? 3 : -3;
        throw file.damaged("an impossible fax code");
    }

    private void change(int position) {
        if (position < 0 || position > columns || count > 0 && position < changes[count - 1] || count >= columns + 2) {
            throw file.damaged("a fax row with runs beyond its end");
        }
        changes[count++] = position;
    }

    private int readRun(boolean black) {
        int[] codes = CcittCodes.of(black);
        int run = 0;
        while (true) {
            int code = codes[peek(CcittCodes.MAX_BITS)];
            if (code == 0) throw file.damaged(bit >= end ? "its fax data end before its pixels" : "an impossible fax code");
            nextBits(code & 15);
            run += code >> 4;
            if (code >> 4 < 64) return run;
            if (run > columns) throw file.damaged("a fax row with runs beyond its end");
        }
    }

    /** Moves behind the next line end: at least eleven zeros and a one. */
    private void skipLineEnd() {
        for (int zeros = 0;;) {
            if (nextBits(1) == 0) {
                zeros++;
            } else if (zeros >= EOL_ZEROS) {
                return;
            } else {
                zeros = 0;
            }
        }
    }

    private int nextBits(int bits) {
        if (bit + bits > end) throw file.damaged("its fax data end before its pixels");
        int value = peek(bits);
        bit += bits;
        return value;
    }

    /** The next bits; zeros after the end. */
    private int peek(int bits) {
        int value = 0;
        for (long i = bit; i < bit + bits; i++) {
            int b = i >= end ? 0 : file.bytes()[(int) (i >> 3)] >> (lowBitFirst ? (int) (i & 7) : 7 - (int) (i & 7)) & 1;
            value = value << 1 | b;
        }
        return value;
    }

    private void paint(byte[] row) {
        Arrays.fill(row, (byte) 0);
        for (int i = 0; i < count; i += 2) {
            int to = i + 1 < count ? changes[i + 1] : columns;
            for (int x = changes[i]; x < to; x++) row[x >> 3] |= (byte) (0x80 >> (x & 7));
        }
    }
}
