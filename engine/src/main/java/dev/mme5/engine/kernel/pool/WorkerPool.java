package dev.mme5.engine.kernel.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * The compute threads of the engine. A parallel region is a number of tasks, which the caller and the workers claim one by one from a
 * counter. The caller returns when all tasks have ended. Several callers may have open regions at once. Each caller works on its own
 * region, so it makes progress even if all workers are busy elsewhere.
 *
 * <p>Because the kernels of a pass follow each other closely, an idle worker spins for some tens of microseconds. Then it parks, so
 * that an idle model uses no processor time.
 */
public final class WorkerPool implements AutoCloseable {
    private static final long SPIN_NANOS = 50_000;

    private static final int MAX_OPEN_REGIONS = 16; // further callers work alone

    /** Regions that workers may help with, or null. A fixed array, so that closing a region allocates nothing. */
    private final AtomicReferenceArray<Region> open = new AtomicReferenceArray<>(MAX_OPEN_REGIONS);

    private final List<Worker> workers = new ArrayList<>();
    private volatile boolean closed;

    /** @param threads number of threads that work on a region, including the caller; 1 creates no thread */
    public WorkerPool(int threads) {
        if (threads < 1) throw new IllegalArgumentException("threads: " + threads);
        for (int i = 1; i < threads; i++) workers.add(new Worker("mme5-worker-" + i));
        for (Worker worker : workers) worker.start();
    }

    /** Number of threads that work on a region, including the caller. */
    public int threads() {
        return workers.size() + 1;
    }

    /** Processes the items from (inclusive) to (exclusive). */
    @FunctionalInterface
    public interface RangeTask {
        void run(int from, int to);
    }

    /** Runs the task for ranges of 0..items of about equal size, at least {@code minItems} each. */
    public void forEachRange(int items, int minItems, RangeTask task) {
        int pieces = Math.clamp(items / Math.max(1, minItems), 1, 4 * threads());
        forEach(pieces, piece -> {
            int from = (int) ((long) items * piece / pieces);
            int to = (int) ((long) items * (piece + 1) / pieces);
            if (from < to) task.run(from, to);
        });
    }

    /**
     * Runs the task for 0, 1, ... tasks - 1, in any order and on any thread, and returns when all have ended. If one throws, no further
     * tasks start, and its exception or error is thrown here.
     */
    public void forEach(int tasks, IntConsumer task) {
        if (closed) throw new IllegalStateException("these kernels are closed");
        Region region = new Region(tasks, task, Thread.currentThread());
        if (tasks <= 1 || workers.isEmpty()) {
            region.work();
        } else {
            int slot = publish(region);
            try {
                if (slot >= 0) wake(tasks - 1);
                region.work();
            } finally {
                if (slot >= 0) open.set(slot, null);
                region.awaitHelpers();
            }
        }
        region.rethrow();
    }

    private int publish(Region region) {
        for (int slot = 0; slot < MAX_OPEN_REGIONS; slot++) {
            if (open.compareAndSet(slot, null, region)) return slot;
        }
        return -1;
    }

    private void wake(int count) {
        for (Worker worker : workers) {
            if (count <= 0) return;
            if (worker.parked) LockSupport.unpark(worker);
            count--;
        }
    }

    /** Stops the threads and waits for them. Open regions are finished by their callers alone. */
    @Override
    public void close() {
        closed = true;
        boolean interrupted = false;
        for (Worker worker : workers) {
            LockSupport.unpark(worker);
            while (worker.isAlive() && worker != Thread.currentThread()) {
                try {
                    worker.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }

    /** The tasks of one call. */
    private static final class Region {
        private final int tasks;
        private final IntConsumer task;
        private final Thread caller;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger helpers = new AtomicInteger();
        private volatile boolean callerWaits;
        private volatile Throwable failure;

        Region(int tasks, IntConsumer task, Thread caller) {
            this.tasks = tasks;
            this.task = task;
            this.caller = caller;
        }

        boolean hasWork() {
            return next.get() < tasks;
        }

        /**
         * Because a worker increments the counter of helpers before it claims a task, a caller that finds all tasks claimed and no
         * helpers knows that all have ended.
         */
        void help() {
            helpers.incrementAndGet();
            try {
                work();
            } finally {
                if (helpers.decrementAndGet() == 0 && callerWaits) LockSupport.unpark(caller);
            }
        }

        void work() {
            try {
                for (int i = next.getAndIncrement(); i < tasks; i = next.getAndIncrement()) task.accept(i);
                throwLateFault();
            } catch (Throwable t) { // an OutOfMemoryError too must reach the caller, not kill a worker
                synchronized (this) {
                    if (failure == null) failure = t;
                }
                next.set(tasks);
            }
        }

        /**
         * The error of a fault in mapped memory is thrown some instructions after the fault, at the thread's next safepoint, which may
         * be after the end of a compiled task. Calling a native method is a safepoint, so the error is thrown and caught here.
         */
        private void throwLateFault() {
            Thread.holdsLock(this);
        }

        void awaitHelpers() {
            long deadline = System.nanoTime() + SPIN_NANOS;
            while (helpers.get() > 0 && System.nanoTime() - deadline < 0) Thread.onSpinWait();
            callerWaits = true;
            boolean interrupted = false;
            while (helpers.get() > 0) {
                LockSupport.park(this);
                interrupted |= Thread.interrupted(); // an interrupted thread would not park again
            }
            if (interrupted) caller.interrupt();
        }

        void rethrow() {
            switch (failure) {
                case null -> {}
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                default -> throw new AssertionError(failure); // a task cannot throw checked exceptions
            }
        }
    }

    private final class Worker extends Thread {
        private volatile boolean parked;

        Worker(String name) {
            super(name);
            setDaemon(true);
        }

        @Override
        public void run() {
            long lastWork = System.nanoTime();
            while (!closed) {
                if (helpAny()) {
                    lastWork = System.nanoTime();
                } else if (System.nanoTime() - lastWork < SPIN_NANOS) {
                    Thread.onSpinWait();
                } else {
                    parked = true; // from here on callers unpark this thread; the second check finds regions opened before
                    if (!helpAny() && !closed) LockSupport.park(WorkerPool.this);
                    parked = false;
                    lastWork = System.nanoTime();
                }
            }
        }

        private boolean helpAny() {
            for (int slot = 0; slot < MAX_OPEN_REGIONS; slot++) {
                Region region = open.get(slot);
                if (region != null && region.hasWork()) {
                    region.help();
                    return true;
                }
            }
            return false;
        }
    }
}
