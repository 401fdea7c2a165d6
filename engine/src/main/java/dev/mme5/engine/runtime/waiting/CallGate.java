package dev.mme5.engine.runtime.waiting;

import dev.mme5.engine.failure.Failure;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** Counts the calls that run, so that a model is closed when none does. */
public final class CallGate {
    /** Read: a call is running. Write: closing. */
    private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();

    private volatile boolean closing;
    private boolean closed;

    /** @throws Failure.Closed when the model is closed, or is closing and this is no call from inside another one */
    public void enter() {
        boolean late = closing && !isInside();
        if (late || !use.readLock().tryLock()) throw new Failure.Closed();
        if (closed) {
            use.readLock().unlock();
            throw new Failure.Closed();
        }
    }

    public void leave() {
        use.readLock().unlock();
    }

    /** Whether this thread is inside a call. */
    public boolean isInside() {
        return use.getReadHoldCount() > 0;
    }

    /** Whether this thread is inside a call that was made from inside another one. */
    public boolean isNested() {
        return use.getReadHoldCount() > 1;
    }

    /**
     * Lets no further call in, waits for those that run, then frees what they used. Closing twice is harmless.
     *
     * @param patience how long to wait before {@code abort}; null for as long as it takes
     * @param abort makes the calls that run end soon
     * @param free is called once
     */
    public void close(Duration patience, Runnable abort, Runnable free) {
        if (isInside()) throw new IllegalStateException("a model cannot be closed from inside one of its calls");
        closing = true;
        lock(patience, abort);
        try {
            if (closed) return;
            closed = true;
            free.run();
        } finally {
            use.writeLock().unlock();
        }
    }

    private void lock(Duration patience, Runnable abort) {
        boolean interrupted = false;
        if (patience != null) {
            try {
                if (use.writeLock().tryLock(WaitingCalls.nanos(patience), TimeUnit.NANOSECONDS)) return;
            } catch (InterruptedException e) {
                interrupted = true;
            }
            abort.run();
        }
        use.writeLock().lock();
        if (interrupted) Thread.currentThread().interrupt();
    }
}
