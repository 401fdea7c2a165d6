package dev.mme5.engine.kernel.api;

import java.util.Arrays;

/**
 * A row-major matrix of floats, [rows, cols], possibly a view of some rows of a larger one. All activations of the model are matrices.
 * Element (r, c) is {@code data[offset + r * cols + c]}; there are no gaps between rows.
 *
 * @param data the floats, shared with every view
 * @param offset index in data of the first element
 * @param rows number of rows
 * @param cols number of columns
 */
public record Matrix(float[] data, int offset, int rows, int cols) {
    public Matrix {
        if (rows < 0 || cols < 0 || offset < 0 || offset + (long) rows * cols > data.length) {
            throw new IllegalArgumentException(
                    "[%d, %d] at %d does not fit in %d floats".formatted(rows, cols, offset, data.length));
        }
    }

    /** A new matrix of zeros. */
    public static Matrix zeros(int rows, int cols) {
        return new Matrix(new float[Math.multiplyExact(rows, cols)], 0, rows, cols);
    }

    /** The given floats as one row. */
    public static Matrix row(float... values) {
        return new Matrix(values, 0, 1, values.length);
    }

    /** A view of rows from (inclusive) to (exclusive). */
    public Matrix rows(int from, int to) {
        if (from < 0 || to < from || to > rows) throw new IndexOutOfBoundsException(from + ".." + to + " of " + rows);
        return new Matrix(data, offset + from * cols, to - from, cols);
    }

    /** The same floats in another shape of the same size. */
    public Matrix reshaped(int newRows, int newCols) {
        assert newRows * newCols == rows * cols : this + " as [" + newRows + ", " + newCols + "]";
        return new Matrix(data, offset, newRows, newCols);
    }

    public float at(int row, int col) {
        return data[offset + row * cols + col];
    }

    public void set(int row, int col, float value) {
        data[offset + row * cols + col] = value;
    }

    /** Copies a row of source over a row of this matrix. */
    public void copyRow(Matrix source, int sourceRow, int row) {
        assert source.cols == cols;
        System.arraycopy(source.data, source.offset + sourceRow * cols, data, offset + row * cols, cols);
    }

    /** A copy of all elements, row by row. */
    public float[] toArray() {
        return Arrays.copyOfRange(data, offset, offset + rows * cols);
    }

    @Override
    public String toString() {
        return "[" + rows + ", " + cols + "]";
    }
}
