package dev.mme5.benchmarks.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads for peers that leave them to their callers: outputs are split evenly, four pieces a thread. */
final class PeerThreads implements AutoCloseable {
    private static final int PIECES_PER_THREAD = 4;
    private static final int MULTIPLE = 16;

    private final ExecutorService executor;
    private final int pieces;

    PeerThreads(int threads) {
        executor = threads == 1 ? null : Executors.newFixedThreadPool(threads, task -> Thread.ofPlatform().daemon().unstarted(task));
        pieces = threads == 1 ? 1 : threads * PIECES_PER_THREAD;
    }

    /** What to do with outputs from (inclusive) and count. */
    @FunctionalInterface
    interface Piece {
        void run(int from, int count);
    }

    void run(int outputs, Piece piece) {
        int size = Math.ceilDiv(Math.ceilDiv(outputs, pieces), MULTIPLE) * MULTIPLE;
        if (executor == null) {
            piece.run(0, outputs);
            return;
        }
        List<Future<?>> running = new ArrayList<>();
        for (int from = 0; from < outputs; from += size) {
            int first = from;
            running.add(executor.submit(() -> piece.run(first, Math.min(size, outputs - first))));
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
