package dev.mme5.spark;

import dev.mme5.engine.Embedding;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.EmbeddingResult;
import dev.mme5.engine.ImageSource;
import dev.mme5.engine.Input;
import dev.mme5.engine.InputException;
import dev.mme5.engine.Precision;
import dev.mme5.engine.ProgressListener;
import dev.mme5.engine.QuantizedEmbedding;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Rows in their order, with vectors. While a batch is computed, by a thread of its own, the next one is read and waits, so that the
 * engine never does; within a batch the engine decodes images ahead and packs texts into passes. A text that was among the last few
 * thousand has its vector from there.
 */
final class EmbeddedRows implements Iterator<Row>, AutoCloseable {
    private static final int BATCHES = 2;
    private static final int MAX_ROWS = 1024;
    private static final int IMAGE_TOKENS = 1024;       // about what an image costs, in tokens of text
    private static final int TOKEN_LENGTH = 4;          // about, in characters
    private static final long MAX_IMAGE_BYTES = 64L << 20;
    private static final int KNOWN_FLOATS = 4 << 20;    // 16 MB of vectors for texts that come again
    private static final int MAX_KNOWN_LENGTH = 8192;   // in characters

    /** A row whose vector is being computed. */
    private record Pending(Row row, CompletableFuture<EmbeddingResult> result) {}

    private final Iterator<Row> rows;
    private final RowInputs inputs;
    private final EmbeddingModel model;
    private final EmbedSettings settings;
    private final Map<String, CompletableFuture<EmbeddingResult>> known;
    private final Deque<Deque<Pending>> batches = new ArrayDeque<>();
    private final ExecutorService caller =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("mme5-partition").factory());
    private long taken;

    EmbeddedRows(Iterator<Row> rows, RowInputs inputs, EmbeddingModel model, EmbedSettings settings) {
        this.rows = rows;
        this.inputs = inputs;
        this.model = model;
        this.settings = settings;
        int most = Math.max(1, KNOWN_FLOATS / model.dimensions());
        this.known = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, CompletableFuture<EmbeddingResult>> eldest) {
                return size() > most;
            }
        };
    }

    @Override
    public boolean hasNext() {
        if (!batches.isEmpty() && batches.peekFirst().isEmpty()) batches.removeFirst();
        while (batches.size() < BATCHES && rows.hasNext()) batches.addLast(startBatch());
        return !batches.isEmpty();
    }

    @Override
    public Row next() {
        if (!hasNext()) throw new NoSuchElementException();
        Pending pending = batches.peekFirst().removeFirst();
        taken++;
        EmbeddingResult result;
        try {
            result = pending.result().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) throw cause;
            if (e.getCause() instanceof Error cause) throw cause;
            throw e;
        }
        return result(pending.row(), result);
    }

    /** Ends the calls that run. */
    @Override
    public void close() {
        caller.shutdownNow();
    }

    /** Reads rows for about {@code batchTokens}, and hands them to the engine. */
    private Deque<Pending> startBatch() {
        Deque<Pending> batch = new ArrayDeque<>();
        List<Input> toEmbed = new ArrayList<>();
        List<CompletableFuture<EmbeddingResult>> results = new ArrayList<>();
        long tokens = 0;
        long imageBytes = 0;
        while (rows.hasNext() && batch.size() < MAX_ROWS && tokens < settings.batchTokens() && imageBytes < MAX_IMAGE_BYTES) {
            Row row = rows.next();
            try {
                Input input = inputs.of(row);
                CompletableFuture<EmbeddingResult> result = knownResult(input);
                if (result == null) {
                    result = new CompletableFuture<>();
                    toEmbed.add(input);
                    results.add(result);
                    remember(input, result);
                    tokens += input.prompt().length() / TOKEN_LENGTH + 1 + (long) IMAGE_TOKENS * input.images().size();
                    imageBytes += input.images().stream().mapToLong(EmbeddedRows::bytes).sum();
                }
                batch.addLast(new Pending(row, result));
            } catch (InputException e) {
                batch.addLast(new Pending(row, CompletableFuture.completedFuture(new EmbeddingResult(null, e))));
            }
        }
        if (!toEmbed.isEmpty()) caller.execute(() -> embed(toEmbed, results));
        return batch;
    }

    private void embed(List<Input> toEmbed, List<CompletableFuture<EmbeddingResult>> results) {
        try {
            List<EmbeddingResult> embedded = model.tryEmbedAll(toEmbed, ProgressListener.NONE);
            for (int i = 0; i < results.size(); i++) results.get(i).complete(embedded.get(i));
        } catch (RuntimeException | Error e) {
            results.forEach(result -> result.completeExceptionally(e));
        }
    }

    private CompletableFuture<EmbeddingResult> knownResult(Input input) {
        return input.images().isEmpty() ? known.get(input.prompt()) : null;
    }

    private void remember(Input input, CompletableFuture<EmbeddingResult> result) {
        if (input.images().isEmpty() && input.prompt().length() <= MAX_KNOWN_LENGTH) known.put(input.prompt(), result);
    }

    private static long bytes(ImageSource source) {
        return switch (source) {
            case ImageSource.Bytes(byte[] bytes, _) -> bytes.length;
            case ImageSource.Decoded(var image) -> 4L * image.getWidth() * image.getHeight();
            case ImageSource.File _ -> 0;
        };
    }

    private Row result(Row row, EmbeddingResult result) {
        if (result.failed() && settings.failsJob()) {
            throw new SparkEmbeddingException("row %d of a partition, %s: %s"
                    .formatted(taken, result.error().reason(), result.error().getMessage()), result.error());
        }
        int columns = row.size();
        Object[] values = new Object[columns + (settings.hasErrorCol() ? 2 : 1)];
        for (int i = 0; i < columns; i++) values[i] = row.get(i);
        if (!result.failed()) values[columns] = stored(result.embedding(), settings);
        if (settings.hasErrorCol() && result.failed()) values[columns + 1] = result.error().getMessage();
        return RowFactory.create(values);
    }

    /** The vector as it is stored: float[] or byte[]. */
    static Object stored(Embedding embedding, EmbedSettings settings) {
        Embedding kept = settings.dimensions() == 0 ? embedding : embedding.cut(settings.dimensions());
        return switch (settings.precision()) {
            case FLOAT32 -> kept.values();
            case BINARY -> QuantizedEmbedding.binary(kept).bytes();
            case UBINARY -> QuantizedEmbedding.ubinary(kept).bytes();
            case Precision other -> throw new IllegalStateException("not offered: " + other);
        };
    }
}
