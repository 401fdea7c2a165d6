package dev.mme5.weights;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Element types of the safetensors format, by the names its files use. The order is the reference implementation's, by
 * ascending alignment, and is meaningful: a writer puts the types with the largest alignment first.
 */
public enum DType {
    BOOL(8), F4(4), F6_E2M3(6), F6_E3M2(6), U8(8), I8(8), F8_E5M2(8), F8_E4M3(8), F8_E8M0(8), F8_E4M3FNUZ(8), F8_E5M2FNUZ(8),
    I16(16), U16(16), F16(16), BF16(16), I32(32), U32(32), F32(32), C64(64), F64(64), I64(64), U64(64);

    private final int bits;

    DType(int bits) {
        this.bits = bits;
    }

    /** Bits of one element; not always whole bytes. */
    public int bits() {
        return bits;
    }

    /** Whether {@link MappedTensor#widen} can read it as floats, exactly: BF16, F16 and F32. */
    public boolean isFloat() {
        return this == BF16 || this == F16 || this == F32;
    }

    /** The type of that name; empty when the format has none. Names are upper case. */
    public static Optional<DType> named(String name) {
        return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
    }

    /** All names, for messages: {@code BOOL, F4, ...}. */
    static String names() {
        return Arrays.stream(values()).map(DType::name).collect(Collectors.joining(", "));
    }

    /**
     * Bytes that a tensor of this type fills.
     *
     * @throws IllegalArgumentException when it does not fill whole bytes, or more of them than 64 bits can count
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
