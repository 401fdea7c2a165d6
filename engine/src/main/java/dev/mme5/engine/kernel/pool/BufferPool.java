package dev.mme5.engine.kernel.pool;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * A bounded pool of task buffers, so that not every task allocates its own. Used by several threads at once, without a lock. A thread
 * mostly gets the buffer again that it released, which is in its own cache.
 */
public final class BufferPool<T> {
    private final AtomicReferenceArray<T> retained;
    private final Supplier<T> factory;

    /** @param maxRetained number of released buffers that are kept for later; more become garbage */
    public BufferPool(int maxRetained, Supplier<T> factory) {
        this.retained = new AtomicReferenceArray<>(maxRetained);
        this.factory = factory;
    }

    /** Returns a buffer with undefined contents. */
    public T acquire() {
        for (int i = 0; i < retained.length(); i++) {
            int slot = slot(i);
            T buffer = retained.get(slot);
            if (buffer != null && retained.compareAndSet(slot, buffer, null)) return buffer;
        }
        return factory.get();
    }

    public void release(T buffer) {
        for (int i = 0; i < retained.length(); i++) {
            if (retained.compareAndSet(slot(i), null, buffer)) return;
        }
    }

    /** The slots in the order in which a thread tries them. */
    private int slot(int i) {
        return (int) ((Thread.currentThread().threadId() + i) % retained.length());
    }
}
