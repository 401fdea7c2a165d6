package dev.mme5.hub.transfer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Requests that wait for a server, a few at once. */
public final class Parallel {
    private Parallel() {}

    @FunctionalInterface
    public interface Work<T, R> {
        R on(T item) throws IOException, InterruptedException;
    }

    /** The results in the order of the items. The first failure ends the others and is thrown when they have ended. */
    public static <T, R> List<R> map(List<T> items, int threads, Work<T, R> work) throws IOException, InterruptedException {
        try (ExecutorService pool = Executors.newFixedThreadPool(threads, Thread.ofVirtual().name("hub-", 0).factory())) {
            List<Future<R>> futures = new ArrayList<>();
            for (T item : items) futures.add(pool.submit(() -> work.on(item)));
            List<R> results = new ArrayList<>();
            try {
                for (Future<R> future : futures) results.add(future.get());
                return results;
            } catch (ExecutionException e) {
                throw rethrown(e.getCause());
            } finally {
                pool.shutdownNow();
            }
        }
    }

    private static IOException rethrown(Throwable cause) throws InterruptedException {
        return switch (cause) {
            case IOException failure -> failure;
            case InterruptedException interrupted -> throw interrupted;
            case RuntimeException unexpected -> throw unexpected;
            case Error error -> throw error;
            default -> new IOException(cause);
        };
    }
}
