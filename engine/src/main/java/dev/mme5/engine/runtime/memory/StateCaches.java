package dev.mme5.engine.runtime.memory;

import dev.mme5.engine.nn.StateCache;

/**
 * What is kept because it may be read again: the states of images, and those of the beginnings of texts. Both give way to calls.
 *
 * @param images evicted first: few, and large
 * @param beginnings small
 */
public record StateCaches(ImageStateCache images, StateCache beginnings) {
    /** Bytes of heap that they hold. */
    public long bytes() {
        return images.bytes() + beginnings.bytes();
    }

    /** Evicts all states. */
    public void clear() {
        shrink(0);
    }

    /** Bytes of heap to count on: beginnings are added during passes. */
    long allowance() {
        return images.bytes() + beginnings.allowance();
    }

    /** Evicts until both together hold, and may hold, at most that many bytes. */
    void shrink(long max) {
        images.shrink(Math.max(0, max - beginnings.bytes()));
        beginnings.shrink(Math.max(0, max - images.bytes()));
    }
}
