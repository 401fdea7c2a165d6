package dev.mme5.engine.kernel.pool;

/** Gives each thread neighbouring tasks, so that it finds what it wrote before in its own cache, and threads share few cache lines. */
public final class TaskOrder {
    private TaskOrder() {}

    /**
     * The task that runs at a position; every task has one. As long as all threads are equally fast, one of them takes the positions t,
     * t + threads, t + 2 * threads and so on, which are neighbouring tasks.
     */
    public static int taskAt(int position, int tasks, int threads) {
        int share = position % threads;
        return share * (tasks / threads) + Math.min(share, tasks % threads) + position / threads;
    }
}
