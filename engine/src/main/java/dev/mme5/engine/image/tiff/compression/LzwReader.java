package dev.mme5.engine.image.tiff.compression;

import dev.mme5.engine.image.raster.ImageBytes;

/**
 * TIFF's LZW (TIFF 6.0, section 13): codes of 9 to 12 bits, highest bit first, that grow one entry early. The old variant, which
 * starts with a zero byte, has its lowest bit first and grows on time.
 */
public final class LzwReader implements SegmentReader {
    private static final int CLEAR = 256;
    private static final int END = 257;
    private static final int FIRST = 258;
    private static final int MIN_BITS = 9;
    private static final int MAX_BITS = 12;
    private static final int MAX_CODES = 1 << MAX_BITS;
    private static final int NONE = -1;

    private final ImageBytes file;
    private byte[] data;
    private int position;
    private int end;
    private boolean old;
    private long buffer;
    private int buffered;

    // A string is the string of another code, followed by a last byte.
    private final short[] prefix = new short[MAX_CODES];
    private final byte[] last = new byte[MAX_CODES];
    private final byte[] first = new byte[MAX_CODES];
    private final short[] length = new short[MAX_CODES];
    private int codes;
    private int bits;
    private int previous;

    /** The part of a string that did not fit in the last row. */
    private final byte[] pending = new byte[MAX_CODES];
    private int pendingOffset;
    private int pendingEnd;

    public LzwReader(ImageBytes file) {
        this.file = file;
        for (int i = 0; i < CLEAR; i++) {
            last[i] = (byte) i;
            first[i] = (byte) i;
            length[i] = 1;
        }
    }

    /** Starts another segment; the tables are used again. */
    public LzwReader start(byte[] bytes, int offset, int count) {
        data = bytes;
        position = offset;
        end = offset + count;
        old = count >= 2 && bytes[offset] == 0 && (bytes[offset + 1] & 1) != 0;
        buffer = 0;
        buffered = 0;
        codes = FIRST;
        bits = MIN_BITS;
        previous = NONE;
        pendingOffset = 0;
        pendingEnd = 0;
        return this;
    }

    @Override
    public void readRow(byte[] row) {
        int written = 0;
        while (written < row.length) {
            if (pendingOffset == pendingEnd) {
                readCode();
            } else {
                int count = Math.min(pendingEnd - pendingOffset, row.length - written);
                System.arraycopy(pending, pendingOffset, row, written, count);
                pendingOffset += count;
                written += count;
            }
        }
    }

    /** Expands the next code to the pending string. */
    private void readCode() {
        int code = nextBits();
        if (code == CLEAR) {
            codes = FIRST;
            bits = MIN_BITS;
            previous = NONE;
            return;
        }
        if (code == END) throw file.damaged("its LZW data end before its pixels");
        boolean known = code < CLEAR || previous != NONE && code < codes;
        boolean isNext = previous != NONE && code == codes && codes < MAX_CODES;
        if (!known && !isNext) throw file.damaged("an impossible LZW code");
        if (previous != NONE && codes < MAX_CODES) {
            prefix[codes] = (short) previous;
            first[codes] = first[previous];
            last[codes] = first[code]; // the code may be this very one
            length[codes] = (short) (length[previous] + 1);
            codes++;
            if (codes + (old ? 0 : 1) >= 1 << bits && bits < MAX_BITS) bits++;
        }
        previous = code;
        pendingOffset = 0;
        pendingEnd = length[code];
        int string = code;
        for (int i = pendingEnd - 1; i >= 0; i--) {
            pending[i] = last[string];
            string = prefix[string];
        }
    }

    private int nextBits() {
        while (buffered < bits) {
            if (position >= end) throw file.damaged("its LZW data end before its pixels");
            long next = data[position++] & 0xffL;
            buffer = old ? buffer | next << buffered : buffer << 8 | next;
            buffered += 8;
        }
        buffered -= bits;
        int mask = (1 << bits) - 1;
        if (!old) return (int) (buffer >> buffered) & mask;
        int code = (int) buffer & mask;
        buffer >>>= bits;
        return code;
    }
}
