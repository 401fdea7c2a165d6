package dev.mme5.weights;

/** A weight as products and tables take it, [rows, cols]: floats as they are stored, or integers with scales. */
public sealed interface WeightMatrix permits MappedTensor, QuantizedTensor {
    /** The tensor's name in its file. */
    String name();

    int rows();

    int cols();

    /**
     * Reads row {@code row} as floats, into out[at .. at + cols): floats exactly, integers as {@link QuantizedTensor} defines.
     *
     * @throws IndexOutOfBoundsException when there is no such row, or no room in out
     */
    void widen(long row, float[] out, int at);
}
