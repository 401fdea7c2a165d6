package dev.mme5.search;

import dev.mme5.engine.Embedding;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.ModelTools;
import dev.mme5.json.Mme5Exception;
import dev.mme5.json.ModelFormatException;
import dev.mme5.search.index.IndexFile;
import dev.mme5.search.index.IndexFileException;
import dev.mme5.search.index.TopMatches;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedList;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * Exact search: a query is compared with the vector of every document. Only {@link #searchBySigns} skips documents.
 *
 * {@snippet :
 * IndexUpdate update = new IndexUpdate(model, file);
 * update.run(FolderDocuments.scan(folder), false, IndexUpdate.Listener.NONE);
 * try (SearchIndex index = SearchIndex.open(file, model)) {
 *     List<Match> best = index.search(model.embed(Input.text("red apple")), 10);
 * }
 * }
 *
 * <p>The vectors stay in the mapped file, which may be larger than the heap. Names and titles take about half a kilobyte of heap
 * for each document. Scores are reproducible to the bit, whatever the number of threads or queries. Many threads may search at
 * the same time. The model must stay open.
 */
public final class SearchIndex implements AutoCloseable {
    /** Scores that are held at the same time. */
    private static final int MAX_SCORES = 1 << 20;

    private static final int MAX_QUERIES = 64;

    /** Both vectors are unit vectors up to rounding, so a larger score comes from damaged numbers. */
    private static final float MAX_SCORE = 1.001f;

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path path;
    private final IndexFile file;
    private final EmbeddingModel model;

    /** Read: a search is running. Write: closing. */
    private final ReadWriteLock use = new ReentrantReadWriteLock();
    private boolean closed;

    private SearchIndex(Path path, IndexFile file, EmbeddingModel model) {
        this.path = path;
        this.file = file;
        this.model = model;
    }

    /**
     * Opens an index that was made with this model.
     *
     * @throws IndexException if the file is missing, damaged, no index, or made with another model or other options
     */
    public static SearchIndex open(Path file, EmbeddingModel model) {
        try {
            return new SearchIndex(file, IndexFile.open(file, model), model);
        } catch (IndexFileException e) {
            throw IndexException.of(e);
        }
    }

    /** Whether a file begins like an index, of any model and version. {@link #open} looks further. */
    public static boolean isIndex(Path file) {
        return IndexFile.isIndex(file);
    }

    /** Number of documents. */
    public int size() {
        return file.size();
    }

    /** The document in a row. */
    public IndexedDocument document(int row) {
        return IndexedDocument.of(file.entries().get(row));
    }

    /** SHA-256 of all that the vector in a row depends on but the model: rows with equal keys have equal vectors. */
    public String contentKey(int row) {
        return file.entries().get(row).content();
    }

    /**
     * A copy of the vector in a row, of unit length.
     *
     * @throws ClosedException when the index is closed
     */
    public float[] vector(int row) {
        long rowBytes = (long) model.dimensions() * Float.BYTES;
        return whileOpen(() -> file.vectors().asSlice(row * rowBytes, rowBytes).toArray(FLOAT));
    }

    /** The best documents for a query, best first. Of equal scores, the lower row comes first. */
    public List<Match> search(Embedding query, int top) {
        return searchAll(List.of(query), top).getFirst();
    }

    /**
     * The best documents for each query. One call is faster than a call for each query.
     *
     * @throws IndexException if the vectors turn out to be damaged, or the file was written to since it was opened
     * @throws ClosedException when the index is closed
     */
    public List<List<Match>> searchAll(List<Embedding> queries, int top) {
        if (top < 1) throw new IllegalArgumentException("top is " + top);
        List<TopMatches> best = new ArrayList<>();
        for (int i = 0; i < queries.size(); i++) best.add(new TopMatches(Math.min(top, size())));
        List<float[]> vectors = queries.stream().map(query -> query.unit().values()).toList();
        reading(() -> scan(vectors, 0, size(), (query, row, score) -> best.get(query).offer(score, row)));
        return best.stream().map(this::bestFirst).toList();
    }

    /**
     * The best documents for each query among those whose signs differ least from the query's. These are nearly always the best
     * of all, and 1/32 of the bytes are read. Scores are those of {@link #searchAll}.
     *
     * @param candidates number of documents that are compared exactly for each query, at least top
     * @throws IndexException if the vectors turn out to be damaged, or the file was written to since it was opened
     * @throws ClosedException when the index is closed
     */
    public List<List<Match>> searchBySigns(List<Embedding> queries, int top, int candidates) {
        if (top < 1 || candidates < top) throw new IllegalArgumentException("top is " + top + ", candidates " + candidates);
        List<List<Match>> matches = new ArrayList<>();
        reading(() -> {
            for (Embedding query : queries) {
                TopMatches nearest = new TopMatches(Math.min(candidates, size()));
                float[] vector = query.unit().values();
                file.codes().offerAll(file.codes().query(vector), nearest);
                matches.add(bestFirst(bestOf(vector, nearest.rowsInOrder(), top)));
            }
        });
        return matches;
    }

    /**
     * The best of some rows for a query, best first. Scores are those of {@link #searchAll}.
     *
     * @throws IndexException if the vectors turn out to be damaged, or the file was written to since it was opened
     * @throws ClosedException when the index is closed
     */
    public List<Match> searchRows(Embedding query, int[] rows, int top) {
        if (top < 1) throw new IllegalArgumentException("top is " + top);
        if (rows.length == 0) return List.of();
        List<Match> matches = new ArrayList<>();
        reading(() -> matches.addAll(bestFirst(bestOf(query.unit().values(), rows, top))));
        return List.copyOf(matches);
    }

    /** The best of some rows, compared exactly. */
    private TopMatches bestOf(float[] query, int[] rows, int top) {
        TopMatches best = new TopMatches(Math.min(top, rows.length));
        float[] scores = new float[rows.length];
        long rowBytes = (long) model.dimensions() * Float.BYTES;
        try (Arena arena = Arena.ofShared()) { // the kernels have threads
            MemorySegment vectors = arena.allocate(rows.length * rowBytes, Float.BYTES);
            for (int i = 0; i < rows.length; i++) {
                MemorySegment.copy(file.vectors(), rows[i] * rowBytes, vectors, i * rowBytes, rowBytes);
            }
            ModelTools.of(model).dotProducts(query, vectors, scores);
        }
        for (int i = 0; i < rows.length; i++) best.offer(checked(scores[i], rows[i]), rows[i]);
        return best;
    }

    /**
     * All scores of each query with the rows from {@code from} (inclusive) to {@code to} (exclusive).
     *
     * @param queries unit vectors, as {@link #vector} has them
     * @return an array of {@code to - from} scores for each query
     * @throws IndexException if the vectors turn out to be damaged, or the file was written to since it was opened
     * @throws ClosedException when the index is closed
     */
    public List<float[]> scores(List<float[]> queries, int from, int to) {
        List<float[]> scores = new ArrayList<>();
        for (int i = 0; i < queries.size(); i++) scores.add(new float[to - from]);
        reading(() -> scan(queries, from, to, (query, row, score) -> scores.get(query)[row - from] = score));
        return scores;
    }

    /** Runs a search of the mapped file. Its result counts only if the file has not changed since it was opened. */
    private void reading(Runnable search) {
        try {
            whileOpen(() -> {
                try {
                    search.run();
                } catch (InternalError e) {
                    throw file.checkpoint().explained(e);
                }
                if (file.checkpoint() != null) file.checkpoint().check();
                return null;
            });
        } catch (ModelFormatException e) {
            throw new IndexException(e.getMessage(), IndexException.Remedy.RETRY, e);
        } catch (IndexFileException e) {
            throw IndexException.of(e);
        }
    }

    private <T> T whileOpen(Supplier<T> work) {
        use.readLock().lock();
        try {
            if (closed) throw new ClosedException(path);
            return work.get();
        } finally {
            use.readLock().unlock();
        }
    }

    private interface ScoreConsumer {
        void accept(int query, int row, float score);
    }

    /** The consumer receives the scores of each query in the order of the rows. */
    private void scan(List<float[]> queries, int from, int to, ScoreConsumer consumer) {
        int dimensions = model.dimensions();
        long rowBytes = (long) dimensions * Float.BYTES;
        for (int first = 0; first < queries.size(); first += MAX_QUERIES) {
            int count = Math.min(MAX_QUERIES, queries.size() - first);
            float[] stacked = new float[count * dimensions];
            for (int i = 0; i < count; i++) System.arraycopy(queries.get(first + i), 0, stacked, i * dimensions, dimensions);

            int step = MAX_SCORES / count;
            float[] scores = new float[0];
            for (int row = from, rows; row < to; row += rows) {
                rows = Math.min(step, to - row);
                if (scores.length != count * rows) scores = new float[count * rows];
                MemorySegment vectors = file.vectors().asSlice(row * rowBytes, rows * rowBytes);
                ModelTools.of(model).dotProducts(stacked, vectors, scores);
                for (int query = 0; query < count; query++) {
                    for (int i = 0; i < rows; i++) {
                        consumer.accept(first + query, row + i, checked(scores[query * rows + i], row + i));
                    }
                }
            }
        }
    }

    private float checked(float score, int row) {
        if (Math.abs(score) <= MAX_SCORE) return Math.clamp(score, -1f, 1f); // false for NaN
        throw IndexFile.damaged("%s: embeddings: row %d is not a unit vector".formatted(path, row), null);
    }

    private List<Match> bestFirst(TopMatches best) {
        LinkedList<Match> matches = new LinkedList<>();
        while (best.size() > 0) {
            matches.addFirst(new Match(best.worstScore(), best.worstRow(), document(best.worstRow())));
            best.removeWorst();
        }
        return List.copyOf(matches);
    }

    /** Waits for running searches and unmaps the file. Closing twice is harmless. */
    @Override
    public void close() {
        use.writeLock().lock();
        try {
            closed = true;
            file.close();
        } finally {
            use.writeLock().unlock();
        }
    }

    /** A call came after the index was closed. */
    public static final class ClosedException extends Mme5Exception {
        private static final long serialVersionUID = 1;

        private ClosedException(Path file) {
            super(file + ": the index is closed");
        }
    }
}
