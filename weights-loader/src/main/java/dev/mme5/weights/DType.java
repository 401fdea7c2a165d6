package dev.mme5.weights;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Element types of the safetensors format, by the names in its files. The order is that of the reference implementation, by
 * ascending alignment; {@link SafetensorsWriter} writes the types with the largest alignment first.
 */
public enum DType {
    BOOL(8), F4(4), F6_E2M3(6), F6_E3M2(6), U8(8), I8(8), F8_E5M2(8), F8_E4M3(8), F8_E8M0(8), F8_E4M3FNUZ(8), F8_E5M2FNUZ(8),
    I16(16), U16(16), F16(16), BF16(16), I32(32), U32(32), F32(32), C64(64), F64(64), I64(64), U64(64);

    private final int bits;

    DType(int bits) {
        this.bits = bits;
    }

    /** Bits of one element; some types have less than a byte. */
    public int bits() {
        return bits;
    }

    /** Whether {@link MappedTensor#widen} converts it to floats exactly: BF16, F16 and F32. */
    public boolean isFloat() {
        return this == BF16 || this == F16 || this == F32;
    }

    /** Rounds floats to the nearest values of BF16 or F16, ties to even; as F32 they stay as they are. */
    public void round(float[] values) {
        if (this != F32) FloatCodec.round(this, values);
    }

    /** The type of that name, in upper case; empty if the format has none. */
    public static Optional<DType> named(String name) {
        return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
    }

    /** All names, for messages: {@code BOOL, F4, ...}. */
    static String names() {
        return Arrays.stream(values()).map(DType::name).collect(Collectors.joining(", "));
    }

    /**
     * Bytes of a tensor of this type.
     *
     * @throws IllegalArgumentException if they are not whole bytes, or more than fit in 64 bits
     */
    public long bytes(Shape shape) {
        long total;
        try {
            total = Math.multiplyExact(shape.elements(), (long) bits);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(this + " " + shape + " has more bytes than fit in 64 bits", e);
        }
        if (total % 8 != 0) throw new IllegalArgumentException(this + " " + shape + " has " + total + " bits and fills no whole bytes");
        return total / 8;
    }
}
