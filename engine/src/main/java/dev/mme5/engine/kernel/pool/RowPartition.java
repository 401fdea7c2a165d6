package dev.mme5.engine.kernel.pool;

/** Chooses the number of matrix rows in a task, so that all threads finish together. */
public final class RowPartition {
    /** More than one, so that a thread that finishes early can take over tasks. */
    private static final int TASKS_PER_THREAD = 4;

    /** Limit for the rows of the busiest thread, relative to an even share. */
    private static final double MAX_IMBALANCE = 1.02;

    private RowPartition() {}

    /**
     * Returns a multiple of step, at most {@code max}: the largest one that distributes the rows evenly over the threads, or else the
     * one that distributes them most evenly.
     */
    public static int size(int rows, int step, int max, int threads) {
        int share = Math.ceilDiv(rows, TASKS_PER_THREAD * threads);
        int largest = Math.clamp(Math.ceilDiv(share, step) * step, step, max / step * step);
        int best = largest;
        for (int block = largest; block >= step; block -= step) {
            if (busiest(rows, block, threads) * threads <= MAX_IMBALANCE * rows) return block;
            if (busiest(rows, block, threads) < busiest(rows, best, threads)) best = block;
        }
        return best;
    }

    /** Rows of the thread that runs the most tasks. */
    private static double busiest(int rows, int block, int threads) {
        return (double) Math.ceilDiv(Math.ceilDiv(rows, block), threads) * block;
    }
}
