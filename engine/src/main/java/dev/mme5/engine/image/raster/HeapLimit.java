package dev.mme5.engine.image.raster;

/** The heap that decoding one image may take. */
@FunctionalInterface
public interface HeapLimit {
    HeapLimit UNLIMITED = needed -> Long.MAX_VALUE;

    /**
     * Bytes that may be taken. An implementation may evict caches first to reach the number needed; a smaller result means that
     * no more can be freed.
     *
     * @param needed bytes for the whole image: its file and everything decoded from it
     */
    long free(long needed);
}
