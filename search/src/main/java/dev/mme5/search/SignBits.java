package dev.mme5.search;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The signs of vectors, a bit for each number as in {@link dev.mme5.engine.Precision#UBINARY}: what a search may look at first,
 * a thirty-second of the vectors' bytes.
 *
 * @param bytes [rows, ceil(dimensions / 8)]
 * @param rowBytes ceil(dimensions / 8)
 */
record SignBits(MemorySegment bytes, int rowBytes) {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Bytes of the codes of vectors with so many dimensions. */
    static int rowBytes(int dimensions) {
        return Math.ceilDiv(dimensions, Byte.SIZE);
    }

    /** Appends the code of a vector. */
    static void put(float[] vector, ByteBuffer out) {
        for (int i = 0; i < vector.length; i += Byte.SIZE) {
            int bits = 0;
            for (int j = i; j < Math.min(i + Byte.SIZE, vector.length); j++) {
                if (vector[j] > 0) bits |= 0x80 >> j - i;
            }
            out.put((byte) bits);
        }
    }

    /** The code of a query as {@link #offerAll} takes it. */
    long[] query(float[] vector) {
        ByteBuffer code = ByteBuffer.allocate(Math.ceilDiv(rowBytes, Long.BYTES) * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        put(vector, code);
        long[] words = new long[code.capacity() / Long.BYTES];
        code.rewind().asLongBuffer().get(words);
        return words;
    }

    /** Offers all rows to the best of the query, with the negative number of differing signs as their score. */
    void offerAll(long[] query, TopMatches best) {
        long rows = bytes.byteSize() / rowBytes;
        int whole = rowBytes / Long.BYTES;
        for (int row = 0; row < rows; row++) {
            long at = (long) row * rowBytes;
            int distance = 0;
            for (int word = 0; word < whole; word++) {
                distance += Long.bitCount(query[word] ^ bytes.get(LONG, at + (long) word * Long.BYTES));
            }
            if (whole < query.length) distance += Long.bitCount(query[whole] ^ rest(at + (long) whole * Long.BYTES, at + rowBytes));
            best.offer(-distance, row);
        }
    }

    /** The last bytes of a row that are no whole word. */
    private long rest(long from, long to) {
        long word = 0;
        for (long at = from; at < to; at++) word |= Byte.toUnsignedLong(bytes.get(ValueLayout.JAVA_BYTE, at)) << Byte.SIZE * (at - from);
        return word;
    }
}
