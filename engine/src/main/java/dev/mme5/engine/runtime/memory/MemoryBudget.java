package dev.mme5.engine.runtime.memory;

import dev.mme5.engine.image.raster.HeapLimit;

/** The heap of an open model. Passes and decoding evict cached image states. */
public record MemoryBudget(MemoryCheck memory, ImageStateCache cache) {
    /** For an image that is decoded while nothing is computed. */
    public HeapLimit forDecoding() {
        long max = memory.bytesToDecode();
        return needed -> {
            if (needed <= max) cache.shrink(max - needed);
            return max;
        };
    }

    /** For an image that is decoded during a pass, which may need the cached states. */
    public HeapLimit forDecodingDuring(int tokens, int images) {
        long free = memory.bytesLeftDuring(tokens, images) - cache.bytes();
        return needed -> free;
    }

    /** Evicts what a pass needs the heap of; called before it. */
    public void evictFor(int tokens, int images) {
        cache.shrink(memory.bytesLeftDuring(tokens, images));
    }
}
