package dev.mme5.engine.image.raster;

/** How much of the heap one picture may take while it is decoded. */
@FunctionalInterface
public interface HeapLimit {
    HeapLimit UNLIMITED = needed -> Long.MAX_VALUE;

    /**
     * Bytes that may be taken. Whoever can make room for as many as are needed does so first; fewer than these mean that there is none
     * to be made.
     *
     * @param needed of the picture in all, its file and what is decoded already included
     */
    long free(long needed);
}
