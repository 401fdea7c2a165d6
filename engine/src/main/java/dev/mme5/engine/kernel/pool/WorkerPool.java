package dev.mme5.engine.kernel.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * The compute threads of the engine. A parallel region is a number of tasks, which the caller and the workers claim one by one: from a
 * counter, or each from a share of its own ({@link TaskShares}). The caller returns when all tasks have ended. Several callers may have
 * open regions at once. Each caller works on its own region, so it makes progress even if all workers are busy elsewhere.
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
        for (int i = 1; i < threads; i++) workers.add(new Worker(i));
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
        run(tasks, new CountedRegion(tasks, task));
    }

    /** One of neighbouring tasks. */
    @FunctionalInterface
    public interface NeighbourTask {
        /**
         * @param thread which runs it: 0 for the caller; in one region, none runs two tasks at a time
         * @param next the task that the same thread probably runs next, or -1
         */
        void run(int thread, int task, int next);
    }

    /**
     * The same, but each thread first runs its own share of the tasks, in ascending order. In regions of as many tasks, a thread has the
     * same ones, so it finds what it wrote before in its own cache, and it can read ahead what its next task needs.
     */
    public void forEachNeighbour(int tasks, NeighbourTask task) {
        run(tasks, new SharedRegion(new TaskShares(tasks, threads()), task));
    }

    private void run(int tasks, Region region) {
        if (closed) throw new IllegalStateException("these kernels are closed");
        if (tasks <= 1 || workers.isEmpty()) {
            region.work(0);
        } else {
            int slot = publish(region);
            try {
                if (slot >= 0) wake(tasks - 1);
                region.work(0);
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
    private abstract static class Region {
        private final Thread caller = Thread.currentThread();
        private final AtomicInteger helpers = new AtomicInteger();
        private volatile boolean callerWaits;
        private volatile Throwable failure;

        /** Whether a task is not claimed yet. */
        abstract boolean hasWork();

        /** Claims and runs tasks until none is left. */
        abstract void runTasks(int thread);

        /** Leaves no task to claim. */
        abstract void cancel();

        /**
         * Because a worker increments the counter of helpers before it claims a task, a caller that finds all tasks claimed and no
         * helpers knows that all have ended.
         */
        void help(int thread) {
            helpers.incrementAndGet();
            try {
                work(thread);
            } finally {
                if (helpers.decrementAndGet() == 0 && callerWaits) LockSupport.unpark(caller);
            }
        }

        /** @param thread 0 for the caller, then the workers */
        void work(int thread) {
            try {
                runTasks(thread);
                throwLateFault();
            } catch (Throwable t) { // an OutOfMemoryError too must reach the caller, not kill a worker
                synchronized (this) {
                    if (failure == null) failure = t;
                }
                cancel();
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

    /** Any thread claims the next task. */
    private static final class CountedRegion extends Region {
        private final int tasks;
        private final IntConsumer task;
        private final AtomicInteger next = new AtomicInteger();

        CountedRegion(int tasks, IntConsumer task) {
            this.tasks = tasks;
            this.task = task;
        }

        @Override
        boolean hasWork() {
            return next.get() < tasks;
        }

        @Override
        void runTasks(int thread) {
            for (int i = next.getAndIncrement(); i < tasks; i = next.getAndIncrement()) task.accept(i);
        }

        @Override
        void cancel() {
            next.set(tasks);
        }
    }

    /** Each thread has a share. */
    private static final class SharedRegion extends Region {
        private final TaskShares shares;
        private final NeighbourTask task;

        SharedRegion(TaskShares shares, NeighbourTask task) {
            this.shares = shares;
            this.task = task;
        }

        @Override
        boolean hasWork() {
            return shares.hasTasks();
        }

        @Override
        void runTasks(int thread) {
            for (int i = shares.claim(thread); i >= 0; i = shares.claim(thread)) task.run(thread, i, shares.next(thread));
        }

        @Override
        void cancel() {
            shares.clear();
        }
    }

    private final class Worker extends Thread {
        private final int index;
        private volatile boolean parked;

        Worker(int index) {
            super("mme5-worker-" + index);
            this.index = index;
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
                    region.help(index);
                    return true;
                }
            }
            return false;
        }
    }
}
