package dev.mme5.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Floats from and to the stored types that are floats. Reading is exact, writing rounds to nearest, ties to even. Everything is
 * little-endian, and nothing is assumed about alignment: a safetensors file promises none.
 */
final class FloatCodec {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int CHUNK = 1024;

    private FloatCodec() {}

    /** Reads count floats that begin at byte from. */
    static void decode(DType dtype, MemorySegment bytes, long from, float[] out, int at, int count) {
        switch (dtype) {
            case F32 -> MemorySegment.copy(bytes, FLOAT, from, out, at, count);
            case F16, BF16 -> {
                // By way of an array: one access to a segment at a time is slow until it is compiled.
                short[] halves = new short[Math.min(count, CHUNK)];
                for (int done = 0; done < count; done += CHUNK) {
                    int length = Math.min(count - done, CHUNK);
                    MemorySegment.copy(bytes, SHORT, from + 2L * done, halves, 0, length);
                    if (dtype == DType.BF16) widenBf16(halves, length, out, at + done);
                    else widenF16(halves, length, out, at + done);
                }
            }
            default -> throw new IllegalArgumentException("expected BF16, F16 or F32, found " + dtype);
        }
    }

    private static void widenBf16(short[] halves, int count, float[] out, int at) {
        for (int i = 0; i < count; i++) out[at + i] = Float.intBitsToFloat(halves[i] << 16);
    }

    private static void widenF16(short[] halves, int count, float[] out, int at) {
        for (int i = 0; i < count; i++) out[at + i] = Float.float16ToFloat(halves[i]);
    }

    /** Writes count floats, from values[at] on, to the beginning of bytes. */
    static void encode(DType dtype, float[] values, int at, int count, MemorySegment bytes) {
        switch (dtype) {
            case F32 -> MemorySegment.copy(values, at, bytes, FLOAT, 0, count);
            case F16 -> {
                for (int i = 0; i < count; i++) bytes.set(SHORT, 2L * i, Float.floatToFloat16(values[at + i]));
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) bytes.set(SHORT, 2L * i, toBf16(values[at + i]));
            }
            default -> throw new IllegalArgumentException("expected BF16, F16 or F32, found " + dtype);
        }
    }

    private static short toBf16(float value) {
        int bits = Float.floatToRawIntBits(value);
        // Rounding could carry a NaN's payload away and leave an infinity.
        if (Float.isNaN(value)) return (short) (bits >>> 16 | 0x40);
        int tiesToEven = 0x7FFF + (bits >>> 16 & 1);
        return (short) (bits + tiesToEven >>> 16);
    }
}
