package dev.mme5.benchmarks.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads for peers whose matmul has one thread: outputs are split evenly, four ranges for each thread. */
final class PeerThreads implements AutoCloseable {
    private static final int PIECES_PER_THREAD = 4;
    private static final int MULTIPLE = 16;

    private final ExecutorService executor;
    private final int pieces;

    PeerThreads(int threads) {
        executor = threads == 1 ? null : Executors.newFixedThreadPool(threads, task -> Thread.ofPlatform().daemon().unstarted(task));
        pieces = threads == 1 ? 1 : threads * PIECES_PER_THREAD;
    }

    /** Computes {@code count} outputs from output {@code from}. */
    @FunctionalInterface
    interface RangeTask {
        void run(int from, int count);
    }

    void run(int outputs, RangeTask task) {
        int size = Math.ceilDiv(Math.ceilDiv(outputs, pieces), MULTIPLE) * MULTIPLE;
        if (executor == null) {
            task.run(0, outputs);
            return;
        }
        List<Future<?>> running = new ArrayList<>();
        for (int from = 0; from < outputs; from += size) {
            int first = from;
            running.add(executor.submit(() -> task.run(first, Math.min(size, outputs - first))));
        }
        try {
            for (Future<?> one : running) one.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        if (executor != null) executor.shutdownNow();
    }
}
