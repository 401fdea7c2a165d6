package dev.mme5.weights;

/** A weight matrix [rows, cols], for matrix products and table look-ups: floats in rows or in panels, or integers with scales. */
public sealed interface WeightMatrix permits MappedTensor, PanelTensor, QuantizedTensor {
    /** The name of the tensor in its file. */
    String name();

    /** Number of rows. */
    int rows();

    /** Number of columns. */
    int cols();

    /**
     * Converts a row to floats and writes it to {@code out[outOffset .. outOffset + cols)}. Floats are converted exactly, integers
     * as {@link QuantizedTensor} defines.
     *
     * @throws IndexOutOfBoundsException if there is no such row, or {@code out} is too short
     */
    void widen(long row, float[] out, int outOffset);
}
