package dev.mme5.weights;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A tensor as it lies in its file: a view that copies nothing and dies with the {@link Checkpoint} that handed it out (later
 * access is an {@link IllegalStateException}). Row-major and little-endian; the bytes may begin at any address.
 *
 * @param file the file that holds it, for messages
 * @param name its name in that file, not normalised
 * @param bytes exactly the tensor's bytes
 */
public record MappedTensor(String file, String name, DType dtype, Shape shape, MemorySegment bytes) implements WeightMatrix {
    private static final String IN_MEMORY = "(memory)";

    /** @throws IllegalArgumentException when the bytes are not as many as type and shape need */
    public MappedTensor {
        long needed = dtype.bytes(shape);
        if (bytes.byteSize() != needed) {
            throw new IllegalArgumentException(
                    "%s: %s %s needs %d bytes, has %d".formatted(name, dtype, shape, needed, bytes.byteSize()));
        }
    }

    /** An F32 tensor in memory of its own, for tests and small things. Freed by the garbage collector. */
    public static MappedTensor ofFloats(String name, float[] values, long... dims) {
        return ofFloats(name, DType.F32, values, dims);
    }

    /** As above, rounded to BF16, F16 or F32: to nearest, ties to even. */
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
     * @throws IllegalStateException when rows do not fill whole bytes, as can be with types of less than 8 bits
     */
    public long rowBytes() {
        long bits = Math.multiplyExact(shape.cols(), (long) dtype.bits());
        if (bits % 8 != 0) throw new IllegalStateException(name + ": a row of " + dtype + " " + shape + " fills no whole bytes");
        return bits / 8;
    }

    /**
     * The bytes of row i, a view.
     *
     * @throws IndexOutOfBoundsException when there is no row i
     */
    public MemorySegment row(long i) {
        return bytes.asSlice(rowOffset(i), rowBytes());
    }

    /**
     * The same bytes under another shape.
     *
     * @throws IllegalArgumentException when the number of elements differs
     */
    public MappedTensor reshaped(long... dims) {
        Shape other = new Shape(dims);
        if (other.elements() != shape.elements()) {
            throw new IllegalArgumentException(name + ": shape " + shape + " cannot become " + other);
        }
        return new MappedTensor(file, name, dtype, other, bytes);
    }

    /**
     * Reads row i as floats, exactly, into out[at .. at + cols).
     *
     * @throws IndexOutOfBoundsException when there is no such row, or no room in out
     * @throws IllegalArgumentException when the type is not BF16, F16 or F32
     */
    @Override
    public void widen(long row, float[] out, int at) {
        FloatCodec.decode(dtype, bytes, rowOffset(row), out, at, cols());
    }

    /**
     * All elements as floats, exactly, in row-major order: a copy.
     *
     * @throws IllegalArgumentException when the type is not BF16, F16 or F32
     * @throws ArithmeticException when they are too many for an array
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
