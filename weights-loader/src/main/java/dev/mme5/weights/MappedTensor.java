package dev.mme5.weights;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A tensor in its mapped file: a view without a copy. After its {@link Checkpoint} is closed, access throws an {@link
 * IllegalStateException}. Row-major and little-endian; the bytes may begin at any address.
 *
 * @param file the file that contains it, for messages
 * @param name its name in that file
 * @param bytes exactly the bytes of the tensor
 */
public record MappedTensor(String file, String name, DType dtype, Shape shape, MemorySegment bytes) implements WeightMatrix {
    private static final String IN_MEMORY = "(memory)";

    /** @throws IllegalArgumentException if the number of bytes does not fit type and shape */
    public MappedTensor {
        long needed = dtype.bytes(shape);
        if (bytes.byteSize() != needed) {
            throw new IllegalArgumentException(
                    "%s: %s %s needs %d bytes, has %d".formatted(name, dtype, shape, needed, bytes.byteSize()));
        }
    }

    /** Copies floats to a small F32 tensor in its own memory, which the garbage collector frees. */
    public static MappedTensor ofFloats(String name, float[] values, long... dims) {
        return ofFloats(name, DType.F32, values, dims);
    }

    /** Copies floats, rounded to BF16, F16 or F32 (to nearest, ties to even), to a tensor in its own memory. */
    public static MappedTensor ofFloats(String name, DType dtype, float[] values, long... dims) {
        Shape shape = new Shape(dims);
        if (shape.elements() != values.length) {
            throw new IllegalArgumentException(name + ": shape " + shape + " does not fit " + values.length + " values");
        }
        MemorySegment bytes = Arena.ofAuto().allocate(dtype.bytes(shape), Long.BYTES);
        FloatCodec.encode(dtype, values, 0, values.length, bytes);
        return new MappedTensor(IN_MEMORY, name, dtype, shape, bytes.asReadOnly());
    }

    /** The first dimension; 1 for a scalar. */
    @Override
    public int rows() {
        return Math.toIntExact(shape.rows());
    }

    /** Product of all dimensions but the first; 1 for a vector. */
    @Override
    public int cols() {
        return Math.toIntExact(shape.cols());
    }

    /**
     * Bytes of one row.
     *
     * @throws IllegalStateException if a row is not whole bytes, which is possible with types of less than 8 bits
     */
    public long rowBytes() {
        long bits = Math.multiplyExact(shape.cols(), (long) dtype.bits());
        if (bits % 8 != 0) throw new IllegalStateException(name + ": a row of " + dtype + " " + shape + " fills no whole bytes");
        return bits / 8;
    }

    /**
     * The bytes of row {@code i}, as a view.
     *
     * @throws IndexOutOfBoundsException if there is no such row
     */
    public MemorySegment row(long i) {
        return bytes.asSlice(rowOffset(i), rowBytes());
    }

    /**
     * The same bytes with another shape.
     *
     * @throws IllegalArgumentException if the number of elements differs
     */
    public MappedTensor reshaped(long... dims) {
        Shape other = new Shape(dims);
        if (other.elements() != shape.elements()) {
            throw new IllegalArgumentException(name + ": shape " + shape + " cannot become " + other);
        }
        return new MappedTensor(file, name, dtype, other, bytes);
    }

    /**
     * Converts a row to floats, exactly, and writes it to {@code out[outOffset .. outOffset + cols)}.
     *
     * @throws IndexOutOfBoundsException if there is no such row, or {@code out} is too short
     * @throws IllegalArgumentException if the type is not BF16, F16 or F32
     */
    @Override
    public void widen(long row, float[] out, int outOffset) {
        FloatCodec.decode(dtype, bytes, rowOffset(row), out, outOffset, cols());
    }

    /**
     * Copies all elements to floats, exactly, in row-major order.
     *
     * @throws IllegalArgumentException if the type is not BF16, F16 or F32
     * @throws ArithmeticException if they are too many for an array
     */
    public float[] toFloats() {
        float[] values = new float[Math.toIntExact(shape.elements())];
        FloatCodec.decode(dtype, bytes, 0, values, 0, values.length);
        return values;
    }

    private long rowOffset(long i) {
        if (i < 0 || i >= shape.rows()) throw new IndexOutOfBoundsException(name + ": no row " + i + " in " + shape);
        return i * rowBytes();
    }

    /** {@code FILE: NAME: DTYPE SHAPE}. */
    @Override
    public String toString() {
        return file + ": " + name + ": " + dtype + " " + shape;
    }
}
