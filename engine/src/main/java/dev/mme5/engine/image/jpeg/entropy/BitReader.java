package dev.mme5.engine.image.jpeg.entropy;

import dev.mme5.engine.image.raster.ImageBytes;
import dev.mme5.engine.image.raster.ImageException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Bits of Huffman-coded data, most significant first, without stuffed zero bytes. From a marker on it delivers zeros, and
 * {@link #hasAllData} tells whether any of them was used.
 */
final class BitReader {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    /** Bits that are available after {@link #refill}: a code of 16 and its value of 15. */
    static final int REFILLED = 32;

    private final ImageBytes file;
    private final byte[] bytes;
    private int position;
    /** Whether a marker or the file's end is known to be at the position, perhaps after millions of fill bytes. */
    private boolean ended;

    /** Bits not used yet, from the most significant one down; below them zeros. */
    long buffer;
    /** Number of bits in the buffer, those after the data's end included. */
    int count;
    /** Zero bits that were appended after the data's end. */
    private int appended;

    BitReader(ImageBytes file) {
        this.file = file;
        this.bytes = file.bytes();
    }

    void start(int offset) {
        position = offset;
        ended = false;
        buffer = 0;
        count = 0;
        appended = 0;
    }

    /** Offset after the last byte of which a bit was used. */
    int position() {
        int end = position;
        for (int unused = count - appended >> 3; unused > 0; unused--) end -= isStuffed(end) ? 2 : 1;
        return end;
    }

    /** Whether the data byte before an offset is a 255 and the zero that follows it in the file. */
    private boolean isStuffed(int end) {
        return bytes[end - 1] == 0 && bytes[end - 2] == -1;
    }

    boolean hasAllData() {
        return count >= appended;
    }

    /** Encoders fill the last byte with ones. A whole last byte is as good if it is not zero. */
    boolean endsCleanly() {
        int left = count - appended & 7;
        if (left > 0) return buffer >>> 64 - left == (1 << left) - 1;
        int end = position();
        return bytes[end - 1] != 0 || isStuffed(end);
    }

    /** Makes at least {@link #REFILLED} bits available. */
    void refill() {
        if (count >= REFILLED) return;
        if (position + 4 <= bytes.length) {
            int next = (int) INT.get(bytes, position);
            boolean hasByte255 = (~next - 0x01010101 & next & 0x80808080) != 0;
            if (!hasByte255) {
                buffer |= (next & 0xffffffffL) << 32 - count;
                count += 32;
                position += 4;
                return;
            }
        }
        refillByBytes();
    }

    private void refillByBytes() {
        while (count <= 56) {
            int next = nextByte();
            if (next < 0) {
                appended += 8;
                next = 0;
            }
            buffer |= (long) next << 56 - count;
            count += 8;
        }
    }

    /** The next byte of data, -1 at a marker or the file's end. Fill bytes in front of a stuffed zero belong to it. */
    private int nextByte() {
        if (ended || position >= bytes.length) return -1;
        int value = bytes[position] & 0xff;
        if (value != 0xff) {
            position++;
            return value;
        }
        int code = position + 1;
        while (code < bytes.length && bytes[code] == -1) code++;
        ended = code >= bytes.length || bytes[code] != 0;
        if (ended) return -1;
        position = code + 1;
        return 0xff;
    }

    /** The next n bits, 1 to 16. */
    int bits(int n) {
        refill();
        int value = (int) (buffer >>> 64 - n);
        buffer <<= n;
        count -= n;
        return value;
    }

    /** The next symbol of a Huffman table. */
    int symbol(HuffmanTable table) {
        refill();
        int entry = table.find(buffer);
        if (entry == HuffmanTable.NO_CODE) throw invalidCode();
        int length = HuffmanTable.codeLength(entry);
        buffer <<= length;
        count -= length;
        return HuffmanTable.symbol(entry);
    }

    /** The next number of n bits, 1 to 15: T.81 figure F.12. */
    int number(int n) {
        return HuffmanTable.extend(bits(n), n);
    }

    /** No code of the table starts the data that follow. */
    ImageException invalidCode() {
        if (!hasAllData()) return file.damaged("its coded data end at byte %d".formatted(position));
        return file.damaged("an invalid Huffman code at byte %d".formatted(position()));
    }
}
