package dev.mme5.engine.image.webp.vp8l;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The bits of a lossless stream, lowest bit of each byte first. Beyond the end it reads zeros and is {@link #exhausted}; like
 * libwebp it lets a stream of less than 8 bytes have zeros up to 64 bits.
 */
final class Vp8lBitReader {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] data;
    private final int end;
    private int position;

    /** The next bits, lowest first; zeros above {@link #count}. */
    private long window;

    /** Bits in the window; negative after reading beyond the end. */
    private int count;

    /** Reads bytes from to end of data. */
    Vp8lBitReader(byte[] data, int from, int end) {
        this.data = data;
        this.position = from;
        this.end = end;
        fill();
        if (end - from < Long.BYTES) count = Long.SIZE;
    }

    /** Whether bits were read that the data do not hold. */
    boolean exhausted() {
        return count < 0;
    }

    /** Makes at least 56 bits available, if the data hold them. */
    void fill() {
        if (count > 56 || position >= end) return;
        if (end - position >= Long.BYTES) {
            window |= (long) LONG.get(data, position) << count;
            position += 63 - count >> 3;
            count |= 56;
            return;
        }
        for (; count <= 56 && position < end; count += 8) window |= (data[position++] & 0xffL) << count;
    }

    /** The next bits, up to 32 of those that {@link #fill} made available, without consuming them. */
    int peek() {
        return (int) window;
    }

    void skip(int bits) {
        window >>>= bits;
        count -= bits;
    }

    /** A number of up to 24 bits. */
    int read(int bits) {
        fill();
        int number = peek() & (1 << bits) - 1;
        skip(bits);
        return number;
    }

    boolean flag() {
        return read(1) != 0;
    }
}
