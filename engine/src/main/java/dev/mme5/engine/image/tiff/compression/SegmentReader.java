package dev.mme5.engine.image.tiff.compression;

/** Decompresses one strip or tile, from its first byte on. */
@FunctionalInterface
public interface SegmentReader extends AutoCloseable {
    /** Fills a row with the next bytes; data that end before are damage. */
    void readRow(byte[] row);

    @Override
    default void close() {}
}
