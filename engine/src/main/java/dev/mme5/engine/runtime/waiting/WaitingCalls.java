package dev.mme5.engine.runtime.waiting;

import dev.mme5.engine.failure.Failure;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.function.BooleanSupplier;

/**
 * The calls of a model that wait, for memory or for a pass. A wait ends with an exception when it is interrupted, when it lasts too
 * long, or when the model is closed. Waiting is done with conditions of {@link java.util.concurrent.locks.ReentrantLock}, so a virtual
 * thread leaves its carrier.
 */
public final class WaitingCalls {
    private final long maxWaitNanos;
    private final int maxWaiting;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong nanos = new AtomicLong();
    private volatile boolean aborted;

    /**
     * @param maxWait how long one call may wait; null for as long as it takes
     * @param maxWaiting how many calls may wait at a time; 0 for any number
     */
    public WaitingCalls(Duration maxWait, int maxWaiting) {
        this.maxWaitNanos = maxWait == null ? Long.MAX_VALUE : nanos(maxWait);
        this.maxWaiting = maxWaiting;
    }

    /** Nanoseconds; of a duration too long for that, the most there are. */
    static long nanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException tooLong) {
            return Long.MAX_VALUE;
        }
    }

    /**
     * Waits until something is done. The lock of the condition is held before and after.
     *
     * @param changed is signalled when {@code done} may have changed
     * @param time of the call; the wait is added to it
     * @throws Failure.Busy when the call may not wait, or has waited too long
     * @throws Failure.Cancelled when the thread is interrupted; it stays so
     * @throws Failure.Closed after {@link #abort}
     */
    public void await(Condition changed, BooleanSupplier done, WaitTime time) {
        int behind = waiting.getAndIncrement();
        long start = System.nanoTime();
        try {
            if (maxWaiting > 0 && behind >= maxWaiting) throw new Failure.Busy(Duration.ofNanos(time.nanos()), behind);
            while (!done.getAsBoolean()) {
                requireOpen();
                if (maxWaitNanos == Long.MAX_VALUE) {
                    changed.await();
                    continue;
                }
                long waited = time.nanos() + System.nanoTime() - start;
                if (waited >= maxWaitNanos) throw new Failure.Busy(Duration.ofNanos(waited), behind);
                changed.awaitNanos(maxWaitNanos - waited);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure.Cancelled("interrupted");
        } finally {
            long waited = System.nanoTime() - start;
            time.add(waited);
            nanos.addAndGet(waited);
            waiting.decrementAndGet();
        }
    }

    /** From now on every wait ends with an exception, once its condition is signalled. */
    public void abort() {
        aborted = true;
    }

    /** @throws Failure.Closed after {@link #abort} */
    public void requireOpen() {
        if (aborted) throw new Failure.Closed();
    }

    /** Calls that wait now. */
    public int count() {
        return waiting.get();
    }

    /** Nanoseconds of all waits that have ended. */
    public long nanos() {
        return nanos.get();
    }
}
