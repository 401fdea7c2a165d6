package dev.mme5.engine.kernel.pool;

import java.util.ArrayDeque;
import java.util.function.Supplier;

/** A bounded pool of task buffers, so that not every task allocates its own. Used by several threads at once. */
public final class BufferPool<T> {
    private final int maxRetained;
    private final Supplier<T> factory;
    private final ArrayDeque<T> retained = new ArrayDeque<>();

    /** @param maxRetained number of released buffers that are kept for later; more become garbage */
    public BufferPool(int maxRetained, Supplier<T> factory) {
        this.maxRetained = maxRetained;
        this.factory = factory;
    }

    /** Returns a buffer with undefined contents. */
    public T acquire() {
        synchronized (retained) {
            if (!retained.isEmpty()) return retained.pop();
        }
        return factory.get();
    }

    public void release(T buffer) {
        synchronized (retained) {
            if (retained.size() < maxRetained) retained.push(buffer);
        }
    }
}
