package dev.mme5.server.http;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The heap that requests may take. A request waits, first come first served, until there is room for it. A quarter of the budget is for
 * small requests alone, so that queries do not wait behind images. Results have a budget of their own, a quarter of this in size and shared
 * out in the same way: a request that holds its inputs waits for no other that does.
 */
public final class BodyBudget {
    private static final int SMALL_SHARE = 4;
    private static final int SMALL_PART = 16;
    private static final int RESULT_SHARE = 4;

    private final Pool small;
    private final Pool large;
    private final Pool smallResults;
    private final Pool largeResults;

    /** @param bytes of all requests together */
    public BodyBudget(long bytes) {
        this.small = new Pool(Math.max(1, bytes / SMALL_SHARE));
        this.large = new Pool(Math.max(1, bytes - bytes / SMALL_SHARE));
        long results = bytes / RESULT_SHARE;
        this.smallResults = new Pool(Math.max(1, results / SMALL_SHARE));
        this.largeResults = new Pool(Math.max(1, results - results / SMALL_SHARE));
    }

    /** Bytes in use. */
    public long used() {
        return small.used() + large.used() + smallResults.used() + largeResults.used();
    }

    /** Bytes there are. */
    public long limit() {
        return inputLimit() + smallResults.limit + largeResults.limit;
    }

    /** Bytes for what requests send. */
    long inputLimit() {
        return small.limit + large.limit;
    }

    /** Most bytes of one request. */
    long largest() {
        return large.limit;
    }

    /**
     * Takes bytes, if need be after others.
     *
     * @throws Problem 413 when they can never be there, 503 when they were not there in time
     */
    public Reservation reserve(long bytes, long waitNanos) throws InterruptedException {
        return reserve(small, large, bytes, waitNanos);
    }

    /** As above, for the answer of a request that has its inputs. */
    Reservation reserveResults(long bytes, long waitNanos) throws InterruptedException {
        return reserve(smallResults, largeResults, bytes, waitNanos);
    }

    private static Reservation reserve(Pool small, Pool large, long bytes, long waitNanos) throws InterruptedException {
        Pool pool = bytes <= small.limit / SMALL_PART ? small : large;
        if (bytes > pool.limit) {
            throw Problem.tooLarge(null, "the request needs up to %d bytes of memory, the server has %d for requests"
                    .formatted(bytes, pool.limit));
        }
        if (!pool.take(bytes, waitNanos)) {
            throw Problem.unavailable(1, "memory_exhausted", "the memory for requests is in use by others; try again");
        }
        return new Reservation(pool, bytes);
    }

    /** Bytes in use by one request. */
    public static final class Reservation implements AutoCloseable {
        private final Pool pool;
        private long bytes;

        private Reservation(Pool pool, long bytes) {
            this.pool = pool;
            this.bytes = bytes;
        }

        /** Gives back what is more than so many bytes. */
        public void shrinkTo(long less) {
            if (less >= bytes) return;
            pool.release(bytes - less);
            bytes = less;
        }

        @Override
        public void close() {
            shrinkTo(0);
        }
    }

    private static final class Pool {
        private final ReentrantLock lock = new ReentrantLock();
        private final Deque<Object> waiting = new ArrayDeque<>();
        private final Condition changed = lock.newCondition();
        private final long limit;
        private long free;

        Pool(long limit) {
            this.limit = limit;
            this.free = limit;
        }

        long used() {
            lock.lock();
            try {
                return limit - free;
            } finally {
                lock.unlock();
            }
        }

        boolean take(long bytes, long nanos) throws InterruptedException {
            Object ticket = new Object();
            long left = nanos;
            lock.lockInterruptibly();
            try {
                waiting.add(ticket);
                while (waiting.peek() != ticket || free < bytes) {
                    if (left <= 0) return false;
                    left = changed.awaitNanos(left);
                }
                free -= bytes;
                return true;
            } finally {
                waiting.remove(ticket);
                changed.signalAll();
                lock.unlock();
            }
        }

        void release(long bytes) {
            lock.lock();
            try {
                free += bytes;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
