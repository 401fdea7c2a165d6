package dev.mme5.engine.kernel.pool;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The tasks of a region, a share of neighbours for each thread. A thread runs its own share from the first task on. When that is empty,
 * it takes the last task of the largest other share, so that threads finish together even if one is slower.
 */
public final class TaskShares {
    /** Distance of the shares in longs: two cache lines, which processors fetch together. */
    private static final int SPACING = 16;

    private final AtomicLongArray shares; // of each thread, what is left: first task << 32 | task after the last
    private final int threads;

    TaskShares(int tasks, int threads) {
        this.threads = threads;
        shares = new AtomicLongArray(threads * SPACING);
        for (int t = 0; t < threads; t++) shares.set(t * SPACING, share(start(tasks, t, threads), start(tasks, t + 1, threads)));
    }

    /** The first task of a share; the number of tasks for the one after the last. Shares differ by one task at most. */
    public static int start(int tasks, int share, int threads) {
        return share * (tasks / threads) + Math.min(share, tasks % threads);
    }

    private static long share(int from, int to) {
        return (long) from << 32 | to;
    }

    private static int from(long share) {
        return (int) (share >> 32);
    }

    private static int to(long share) {
        return (int) share;
    }

    private static int left(long share) {
        return to(share) - from(share);
    }

    /** A task that no thread has had, or -1 if there is none. */
    int claim(int thread) {
        int own = thread * SPACING;
        for (long share = shares.get(own); left(share) > 0; share = shares.get(own)) {
            if (shares.compareAndSet(own, share, share(from(share) + 1, to(share)))) return from(share);
        }
        for (int victim = largest(); victim >= 0; victim = largest()) {
            long share = shares.get(victim);
            if (left(share) > 0 && shares.compareAndSet(victim, share, share(from(share), to(share) - 1))) return to(share) - 1;
        }
        return -1;
    }

    /** The next task of a thread's own share, or -1. */
    int next(int thread) {
        long share = shares.get(thread * SPACING);
        return left(share) > 0 ? from(share) : -1;
    }

    boolean hasTasks() {
        return largest() >= 0;
    }

    /** Where the share with most tasks is; -1 if all are empty. */
    private int largest() {
        int largest = -1;
        int max = 0;
        for (int t = 0; t < threads; t++) {
            int left = left(shares.get(t * SPACING));
            if (left > max) {
                max = left;
                largest = t * SPACING;
            }
        }
        return largest;
    }

    /** Leaves no task. */
    void clear() {
        for (int t = 0; t < threads; t++) shares.set(t * SPACING, 0);
    }
}
