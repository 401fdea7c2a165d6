package dev.mme5.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Converts between Java floats and the stored types BF16, F16 and F32. Decoding is exact; encoding rounds to nearest, ties to
 * even. Everything is little-endian. Because a safetensors file guarantees no alignment, none is assumed.
 */
final class FloatCodec {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int CHUNK = 1024;

    private FloatCodec() {}

    /** Decodes {@code count} floats that begin at byte {@code offset}. */
    static void decode(DType dtype, MemorySegment bytes, long offset, float[] out, int outOffset, int count) {
        switch (dtype) {
            case F32 -> MemorySegment.copy(bytes, FLOAT, offset, out, outOffset, count);
            case F16, BF16 -> {
                // Through an array, because single accesses to a segment are slow until they are compiled.
                short[] halves = new short[Math.min(count, CHUNK)];
                for (int done = 0; done < count; done += CHUNK) {
                    int length = Math.min(count - done, CHUNK);
                    MemorySegment.copy(bytes, SHORT, offset + 2L * done, halves, 0, length);
                    if (dtype == DType.BF16) widenBf16(halves, length, out, outOffset + done);
                    else widenF16(halves, length, out, outOffset + done);
                }
            }
            default -> throw new IllegalArgumentException("expected BF16, F16 or F32, found " + dtype);
        }
    }

    private static void widenBf16(short[] halves, int count, float[] out, int outOffset) {
        for (int i = 0; i < count; i++) out[outOffset + i] = Float.intBitsToFloat(halves[i] << 16);
    }

    private static void widenF16(short[] halves, int count, float[] out, int outOffset) {
        for (int i = 0; i < count; i++) out[outOffset + i] = Float.float16ToFloat(halves[i]);
    }

    /** Encodes {@code count} floats, beginning at {@code values[offset]}, to the beginning of {@code bytes}. */
    static void encode(DType dtype, float[] values, int offset, int count, MemorySegment bytes) {
        switch (dtype) {
            case F32 -> MemorySegment.copy(values, offset, bytes, FLOAT, 0, count);
            case F16 -> {
                for (int i = 0; i < count; i++) bytes.set(SHORT, 2L * i, Float.floatToFloat16(values[offset + i]));
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) bytes.set(SHORT, 2L * i, toBf16(values[offset + i]));
            }
            default -> throw new IllegalArgumentException("expected BF16, F16 or F32, found " + dtype);
        }
    }

    /** Rounds floats to the values that {@link #encode} would store. */
    static void round(DType dtype, float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (dtype) {
                case BF16 -> Float.intBitsToFloat(toBf16(values[i]) << 16);
                case F16 -> Float.float16ToFloat(Float.floatToFloat16(values[i]));
                default -> throw new IllegalArgumentException("expected BF16 or F16, found " + dtype);
            };
        }
    }

    private static short toBf16(float value) {
        int bits = Float.floatToRawIntBits(value);
        // Set a bit of the payload, because rounding could turn a NaN into an infinity.
        if (Float.isNaN(value)) return (short) (bits >>> 16 | 0x40);
        int tiesToEven = 0x7FFF + (bits >>> 16 & 1);
        return (short) (bits + tiesToEven >>> 16);
    }
}
