package dev.mme5.engine.kernel.pool;

/** How many of a matrix's rows a task takes: so that all threads have about the same to do, and enough tasks to help each other out. */
public final class RowPartition {
    private static final int TASKS_PER_THREAD = 4;

    /** How much more than its share the busiest thread may have. */
    private static final double UNEVEN = 1.02;

    private RowPartition() {}

    /**
     * A multiple of step, at most {@code most}: the largest with which the rows fall evenly on the threads, else that with which they fall
     * most evenly.
     */
    public static int size(int rows, int step, int most, int threads) {
        int share = Math.ceilDiv(rows, TASKS_PER_THREAD * threads);
        int largest = Math.clamp(Math.ceilDiv(share, step) * step, step, most / step * step);
        int best = largest;
        for (int block = largest; block >= step; block -= step) {
            if (busiest(rows, block, threads) * threads <= UNEVEN * rows) return block;
            if (busiest(rows, block, threads) < busiest(rows, best, threads)) best = block;
        }
        return best;
    }

    /** Rows of the thread that has most tasks. */
    private static double busiest(int rows, int block, int threads) {
        return (double) Math.ceilDiv(Math.ceilDiv(rows, block), threads) * block;
    }
}
