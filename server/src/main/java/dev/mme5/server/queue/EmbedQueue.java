package dev.mme5.server.queue;

import dev.mme5.engine.BusyException;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.EmbeddingResult;
import dev.mme5.engine.Input;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** Two lanes, one for texts and one for images, so that a query of words does not wait for a pass of images. */
public final class EmbedQueue implements Embedder, AutoCloseable {
    private static final int TEXTS_OF_A_PASS = 64;
    private static final int CHARS_OF_A_PASS = 32 << 10;

    /** While one image is computed the next is decoded. */
    private static final int IMAGES_OF_A_PASS = 4;

    private final Lane texts;
    private final Lane images;
    private final int maxRequests;
    private final AtomicInteger requests = new AtomicInteger();
    private volatile double secondsPerRequest = 0.1;

    /** @param maxRequests requests that may wait or be computed at the same time */
    public EmbedQueue(EmbeddingModel model, int maxRequests, PassListener listener) {
        this.maxRequests = maxRequests;
        this.texts = new Lane("mme5-server-texts", model, TEXTS_OF_A_PASS, CHARS_OF_A_PASS, listener);
        this.images = new Lane("mme5-server-images", model, IMAGES_OF_A_PASS, Integer.MAX_VALUE, listener);
    }

    @Override
    public List<EmbeddingResult> embed(List<Input> inputs) throws InterruptedException {
        if (inputs.isEmpty()) return List.of();
        int before = requests.getAndIncrement();
        try {
            if (before >= maxRequests) throw new QueueFullException(before, (int) Math.clamp(before * secondsPerRequest, 1, 60));
            long start = System.nanoTime();
            List<EmbeddingResult> results = embedNow(inputs);
            double seconds = (System.nanoTime() - start) * 1e-9 / (before + 1);
            secondsPerRequest += (seconds - secondsPerRequest) / 16;
            return results;
        } finally {
            requests.decrementAndGet();
        }
    }

    private List<EmbeddingResult> embedNow(List<Input> inputs) throws InterruptedException {
        List<Input> words = inputs.stream().filter(input -> input.images().isEmpty()).toList();
        if (words.size() == inputs.size()) return embed(texts, words);
        List<Input> others = inputs.stream().filter(input -> !input.images().isEmpty()).toList();
        if (words.isEmpty()) return embed(images, others);

        List<EmbeddingResult> ofWords = embed(texts, words);
        List<EmbeddingResult> ofOthers = embed(images, others);
        List<EmbeddingResult> results = new ArrayList<>();
        int word = 0;
        for (Input input : inputs) {
            results.add(input.images().isEmpty() ? ofWords.get(word++) : ofOthers.get(results.size() - word));
        }
        return results;
    }

    private static List<EmbeddingResult> embed(Lane lane, List<Input> inputs) throws InterruptedException {
        EmbedJob job = new EmbedJob(inputs);
        lane.add(job);
        try {
            return job.done().get();
        } catch (InterruptedException e) {
            lane.cancel(job);
            throw e;
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case CancellationException cancelled -> throw cancelled;
                case ModelFailedException failed -> throw failed;
                case BusyException busy -> throw busy;
                case OutOfMemoryError memory -> throw memory;
                default -> throw new ModelFailedException(e.getCause());
            }
        }
    }

    /** Requests that wait or are computed. */
    public int requests() {
        return requests.get();
    }

    /** Requests with inputs that no pass has taken yet. */
    public int waiting() {
        return texts.waiting() + images.waiting();
    }

    /** Ends both lanes. Requests that are not done fail. */
    @Override
    public void close() {
        texts.close();
        images.close();
    }
}
