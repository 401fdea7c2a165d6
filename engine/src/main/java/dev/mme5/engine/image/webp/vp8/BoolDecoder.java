package dev.mme5.engine.image.webp.vp8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The boolean entropy decoder of VP8 (RFC 6386 section 7): reads bits whose probability of being 0 is known.
 *
 * <p>A decoder that has run out of bytes reads zeros and reports {@link #exhausted}. Like libwebp it needs 8 bits of look-ahead
 * before each bit, so both refuse the same truncated partitions.
 */
final class BoolDecoder {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int BULK_BYTES = 7;
    private static final int EVEN = 128;

    private final byte[] data;
    private final int end;
    private int position;
    private boolean exhausted;

    /** Bytes read and not consumed: its upper 8 bits, above {@link #bits}, are compared with the split. */
    private long value;

    /** Unconsumed bits beyond the 8 of the comparison; negative if bytes must be read first. */
    private int bits = -8;

    /** Size of the interval, less one: 127 to 254. */
    private int range = 254;

    /** Reads bytes from to end of data. */
    BoolDecoder(byte[] data, int from, int end) {
        this.data = data;
        this.position = from;
        this.end = end;
    }

    /** Whether a bit was read that the data do not hold. */
    boolean exhausted() {
        return exhausted;
    }

    /**
     * One bit.
     *
     * @param probability of 0, in units of 1/256
     */
    int bit(int probability) {
        if (bits < 0) load();
        int split = range * probability >>> 8;
        long bigSplit = (long) split << bits;
        int bit;
        int size;
        if (value >>> bits > split) {
            size = range - split;
            value -= bigSplit + (1L << bits);
            bit = 1;
        } else {
            size = split + 1;
            bit = 0;
        }
        int shift = Integer.numberOfLeadingZeros(size) - 24;
        range = (size << shift) - 1;
        bits -= shift;
        return bit;
    }

    boolean flag() {
        return bit(EVEN) != 0;
    }

    /** An unsigned number, highest bit first. */
    int number(int count) {
        int number = 0;
        for (int i = 0; i < count; i++) number = number << 1 | bit(EVEN);
        return number;
    }

    /** A flag, and if it is set a magnitude and a sign; otherwise 0. */
    int optionalSigned(int count) {
        if (!flag()) return 0;
        int magnitude = number(count);
        return flag() ? -magnitude : magnitude;
    }

    private void load() {
        if (end - position > BULK_BYTES) {
            value = value << 56 | (long) LONG.get(data, position) >>> 8;
            position += BULK_BYTES;
            bits += 56;
        } else if (position < end) {
            value = value << 8 | data[position++] & 0xff;
            bits += 8;
        } else if (!exhausted) {
            exhausted = true;
            value <<= 8;
            bits += 8;
        } else {
            bits = 0; // zeros for ever, and no shift beyond the word
        }
    }
}
