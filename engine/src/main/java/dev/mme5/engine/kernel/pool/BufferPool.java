package dev.mme5.engine.kernel.pool;

import java.util.ArrayDeque;
import java.util.function.Supplier;

/** Working buffers that tasks borrow, so that not every task allocates. Keeps a bounded number of them. */
public final class BufferPool<T> {
    private final int most;
    private final Supplier<T> maker;
    private final ArrayDeque<T> spares = new ArrayDeque<>();

    public BufferPool(int most, Supplier<T> maker) {
        this.most = most;
        this.maker = maker;
    }

    /** One of unknown contents. */
    public T take() {
        synchronized (spares) {
            if (!spares.isEmpty()) return spares.pop();
        }
        return maker.get();
    }

    public void giveBack(T buffer) {
        synchronized (spares) {
            if (spares.size() < most) spares.push(buffer);
        }
    }
}
