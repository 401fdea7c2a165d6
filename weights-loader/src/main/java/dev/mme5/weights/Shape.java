package dev.mme5.weights;

import java.util.Arrays;

/**
 * The sizes of a tensor's dimensions, outermost first; the last one is contiguous. A scalar has no dimensions. As a matrix, the
 * first dimension is the rows and all others, flattened, are the columns.
 *
 * @param dims not negative; the product of those that are not zero is less than 2^63
 */
public record Shape(long... dims) {
    /** @throws IllegalArgumentException if a dimension is negative or the number of elements overflows */
    public Shape {
        dims = dims.clone();
        long product = 1;
        for (long dim : dims) {
            if (dim < 0) throw new IllegalArgumentException("negative dimension in shape " + Arrays.toString(dims));
            try {
                // Without zeros, so that no partial product (for example the columns) overflows either.
                product = Math.multiplyExact(product, Math.max(dim, 1));
            } catch (ArithmeticException e) {
                throw new IllegalArgumentException("shape " + Arrays.toString(dims) + " has more elements than fit in 64 bits", e);
            }
        }
    }

    /** A copy. */
    @Override
    public long[] dims() {
        return dims.clone();
    }

    /** Number of dimensions. */
    public int rank() {
        return dims.length;
    }

    /** The size of a dimension. */
    public long dim(int index) {
        return dims[index];
    }

    /** Number of elements; 1 for a scalar. */
    public long elements() {
        return product(0);
    }

    /** The first dimension; 1 for a scalar. */
    public long rows() {
        return dims.length == 0 ? 1 : dims[0];
    }

    /** Product of all dimensions but the first; 1 for a vector or a scalar. */
    public long cols() {
        return product(1);
    }

    private long product(int first) {
        long product = 1;
        for (int i = first; i < dims.length; i++) product *= dims[i];
        return product;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    /** {@code [128264, 4096]}, as in the files. */
    @Override
    public String toString() {
        return Arrays.toString(dims);
    }
}
