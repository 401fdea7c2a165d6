package dev.mme5.engine;

/** How the numbers of an embedding are stored, as sentence-transformers' {@code quantize_embeddings} defines it. */
public enum Precision {
    /** The numbers themselves, 4 bytes each. */
    FLOAT32,
    /** One signed byte each: 256 steps between the minimum and the maximum of the dimension ({@link Int8Ranges}). */
    INT8,
    /** One bit each, set where the number is above 0, eight to a signed byte: {@link #UBINARY} less 128. */
    BINARY,
    /** One bit each, set where the number is above 0, eight to an unsigned byte, the first number highest. */
    UBINARY;

    /** How many numbers are stored for a vector of that many dimensions. */
    public int numbers(int dimensions) {
        return switch (this) {
            case FLOAT32, INT8 -> dimensions;
            case BINARY, UBINARY -> Math.ceilDiv(dimensions, Byte.SIZE);
        };
    }
}
