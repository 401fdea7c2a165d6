package dev.mme5.search.index;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The signs of vectors, one bit for each number, as in {@link dev.mme5.engine.Precision#UBINARY}. A search may compare them first,
 * because they have 1/32 of the vectors' bytes.
 *
 * @param bytes [rows, ceil(dimensions / 8)]
 * @param rowBytes ceil(dimensions / 8)
 */
public record SignBits(MemorySegment bytes, int rowBytes) {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Bytes of the code of one vector. */
    public static int rowBytes(int dimensions) {
        return Math.ceilDiv(dimensions, Byte.SIZE);
    }

    /** Appends the code of a vector. */
    public static void put(float[] vector, ByteBuffer out) {
        for (int i = 0; i < vector.length; i += Byte.SIZE) {
            int bits = 0;
            for (int j = i; j < Math.min(i + Byte.SIZE, vector.length); j++) {
                if (vector[j] > 0) bits |= 0x80 >> j - i;
            }
            out.put((byte) bits);
        }
    }

    /** The code of a query, for {@link #offerAll}. */
    public long[] query(float[] vector) {
        ByteBuffer code = ByteBuffer.allocate(Math.ceilDiv(rowBytes, Long.BYTES) * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        put(vector, code);
        long[] words = new long[code.capacity() / Long.BYTES];
        code.rewind().asLongBuffer().get(words);
        return words;
    }

    /** Offers all rows. Their score is minus the number of differing signs. */
    public void offerAll(long[] query, TopMatches best) {
        long rows = bytes.byteSize() / rowBytes;
        int whole = rowBytes / Long.BYTES;
        for (int row = 0; row < rows; row++) {
            long offset = (long) row * rowBytes;
            int distance = 0;
            for (int word = 0; word < whole; word++) {
                distance += Long.bitCount(query[word] ^ bytes.get(LONG, offset + (long) word * Long.BYTES));
            }
            if (whole < query.length)
                distance += Long.bitCount(query[whole] ^ lastBytes(offset + (long) whole * Long.BYTES, offset + rowBytes));
            best.offer(-distance, row);
        }
    }

    /** The bytes of a row after its last whole word. */
    private long lastBytes(long from, long to) {
        long word = 0;
        for (long offset = from; offset < to; offset++) {
            word |= Byte.toUnsignedLong(bytes.get(ValueLayout.JAVA_BYTE, offset)) << Byte.SIZE * (offset - from);
        }
        return word;
    }
}
