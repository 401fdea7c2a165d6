package dev.mme5.engine.kernel.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * The only threads of the engine. A region is a number of tasks that the caller and the workers claim one by one from a
 * counter; the caller returns when all have ended. Several callers may have regions open at once: each works on its own,
 * so each advances whatever the workers do.
 *
 * <p>Workers look for work for some tens of microseconds after the last they saw, since the kernels of a pass follow each
 * other closely, then park: an idle model uses no processor.
 */
public final class WorkerPool implements AutoCloseable {
    private static final long SPIN_NANOS = 50_000;

    private static final int OPEN_REGIONS = 16; // a caller beyond these works alone

    /** Regions that workers may help with, or null. A fixed array, so that closing one needs no memory. */
    private final AtomicReferenceArray<Region> open = new AtomicReferenceArray<>(OPEN_REGIONS);

    private final List<Worker> workers = new ArrayList<>();
    private volatile boolean closed;

    /** @param threads how many threads work on a region, the caller among them; 1 creates none */
    public WorkerPool(int threads) {
        if (threads < 1) throw new IllegalArgumentException("threads: " + threads);
        for (int i = 1; i < threads; i++) workers.add(new Worker("mme5-worker-" + i));
        for (Worker worker : workers) worker.start();
    }

    /** How many threads work on a region, the caller among them. */
    public int threads() {
        return workers.size() + 1;
    }

    /** What to do with the run of items from (inclusive) to (exclusive). */
    @FunctionalInterface
    public interface RangeTask {
        void run(int from, int to);
    }

    /** Runs the task for pieces of 0..items of about the same size, at least {@code grain} items each. */
    public void forEachRange(int items, int grain, RangeTask task) {
        int pieces = Math.clamp(items / Math.max(1, grain), 1, 4 * threads());
        forEach(pieces, piece -> {
            int from = (int) ((long) items * piece / pieces);
            int to = (int) ((long) items * (piece + 1) / pieces);
            if (from < to) task.run(from, to);
        });
    }

    /**
     * Runs the task for 0, 1, ... tasks - 1, in any order and on any thread, and returns when all have ended. When one throws,
     * no further ones begin, and what it threw is thrown here.
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
        for (int slot = 0; slot < OPEN_REGIONS; slot++) {
            if (open.compareAndSet(slot, null, region)) return slot;
        }
        return -1;
    }

    private void wake(int wanted) {
        for (Worker worker : workers) {
            if (wanted <= 0) return;
            if (worker.parked) LockSupport.unpark(worker);
            wanted--;
        }
    }

    /** Ends the threads and waits for them. Regions still open are finished by their callers alone. */
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

    /** Tasks that are being worked on. */
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

        /** A worker counts itself in before it claims, so a caller that finds all claimed and no helpers knows that all ended. */
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
         * The error of a fault in mapped memory is thrown some instructions after the fault, at the thread's next safepoint,
         * which may lie behind the end of a compiled task. A call of a native method is one: here it is still caught.
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
                    parked = true; // from here on a caller unparks us; what came before is seen by the second look
                    if (!helpAny() && !closed) LockSupport.park(WorkerPool.this);
                    parked = false;
                    lastWork = System.nanoTime();
                }
            }
        }

        private boolean helpAny() {
            for (int slot = 0; slot < OPEN_REGIONS; slot++) {
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
