package dev.mme5.server.queue;

import dev.mme5.engine.EmbeddingResult;
import dev.mme5.engine.Input;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The inputs of one kind of one request. Its lane guards everything but the future. */
final class EmbedJob {
    private final List<Input> inputs;
    private final EmbeddingResult[] results;
    private final CompletableFuture<List<EmbeddingResult>> done = new CompletableFuture<>();
    private final long since = System.nanoTime();
    private int next;
    private int finished;
    private boolean isCancelled;

    EmbedJob(List<Input> inputs) {
        this.inputs = inputs;
        this.results = new EmbeddingResult[inputs.size()];
    }

    CompletableFuture<List<EmbeddingResult>> done() {
        return done;
    }

    long since() {
        return since;
    }

    boolean hasNext() {
        return next < inputs.size() && !isCancelled;
    }

    /** The place of the next input, which is now taken. */
    int take() {
        return next++;
    }

    Input input(int index) {
        return inputs.get(index);
    }

    /** Whether the result was the last one: then the future may be completed. */
    boolean finish(int index, EmbeddingResult result) {
        results[index] = result;
        return ++finished == results.length;
    }

    List<EmbeddingResult> results() {
        return Arrays.asList(results);
    }

    boolean isCancelled() {
        return isCancelled;
    }

    void cancel() {
        isCancelled = true;
    }
}
