package dev.mme5.search;

import dev.mme5.engine.Embedding;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.json.ModelFormatException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedList;
import java.util.List;

/**
 * Exact search: every document's vector is compared with the query, none is guessed away unless {@link #searchBySigns} is asked.
 *
 * {@snippet :
 * IndexUpdate update = new IndexUpdate(model, file);
 * update.run(FolderDocuments.scan(folder).documents(), IndexUpdate.Listener.NONE);
 * try (SearchIndex index = SearchIndex.open(file, model)) {
 *     List<Match> best = index.search(model.embed(Input.text("red apple")), 10);
 * }
 * }
 *
 * <p>The vectors stay in the mapped file, so it may be larger than the heap; the entries, about half a kilobyte each, are on
 * it. Scores come from the model's kernels and have the bits that any other order of work would give. May be used by many
 * threads at once, until it is closed; the model must stay open.
 */
public final class SearchIndex implements AutoCloseable {
    /** Scores that are held at once, unless one query alone has more to be asked for. */
    private static final int SCORE_BUFFER = 1 << 20;

    private static final int MAX_QUERIES = 64;

    /** Both vectors have length 1 but for rounding; a score beyond it comes from damaged numbers. */
    private static final float MAX_SCORE = 1.001f;

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path path;
    private final IndexFile file;
    private final EmbeddingModel model;

    private SearchIndex(Path path, IndexFile file, EmbeddingModel model) {
        this.path = path;
        this.file = file;
        this.model = model;
    }

    /**
     * Opens an index that was made with this model.
     *
     * @throws IndexException when the file is missing, damaged, no index, or made with another model or other options
     */
    public static SearchIndex open(Path file, EmbeddingModel model) {
        return new SearchIndex(file, IndexFile.open(file, model), model);
    }

    /** How many documents there are. */
    public int size() {
        return file.size();
    }

    /** What is known of a document, by its row. */
    public IndexEntry entry(int row) {
        return file.entries().get(row);
    }

    /** A document's vector, by its row: a copy. */
    public float[] vector(int row) {
        long rowBytes = (long) model.dimensions() * Float.BYTES;
        return file.vectors().asSlice(row * rowBytes, rowBytes).toArray(FLOAT);
    }

    /** The best documents for a query, best first; of equal scores, the one that comes first in the index. */
    public List<Match> search(Embedding query, int top) {
        return searchAll(List.of(query), top).getFirst();
    }

    /**
     * The best documents for each query, faster than one by one.
     *
     * @throws IndexException when the file's numbers turn out to be damaged, or it was written to since it was opened
     */
    public List<List<Match>> searchAll(List<Embedding> queries, int top) {
        if (top < 1) throw new IllegalArgumentException("top is " + top);
        List<TopMatches> best = new ArrayList<>();
        for (int i = 0; i < queries.size(); i++) best.add(new TopMatches(Math.min(top, size())));
        List<float[]> vectors = queries.stream().map(Embedding::values).toList();
        reading(() -> scan(vectors, 0, size(), (query, row, score) -> best.get(query).offer(score, row)));
        return best.stream().map(this::sorted).toList();
    }

    /**
     * The best documents for each query among those whose signs differ least from its own: most often the best of all, and a
     * thirty-second of the bytes are read. Scores are those of {@link #searchAll}.
     *
     * @param candidates how many are compared exactly, for each query; at least top
     * @throws IndexException when the file's numbers turn out to be damaged, or it was written to since it was opened
     */
    public List<List<Match>> searchBySigns(List<Embedding> queries, int top, int candidates) {
        if (top < 1 || candidates < top) throw new IllegalArgumentException("top is " + top + ", candidates " + candidates);
        List<List<Match>> matches = new ArrayList<>();
        reading(() -> {
            for (Embedding query : queries) {
                TopMatches nearest = new TopMatches(Math.min(candidates, size()));
                file.codes().offerAll(file.codes().query(query.values()), nearest);
                matches.add(sorted(compared(query.values(), nearest.rowsInOrder(), top)));
            }
        });
        return matches;
    }

    /** The best of some rows, compared exactly. */
    private TopMatches compared(float[] query, int[] rows, int top) {
        TopMatches best = new TopMatches(Math.min(top, rows.length));
        float[] scores = new float[rows.length];
        long rowBytes = (long) model.dimensions() * Float.BYTES;
        try (Arena arena = Arena.ofShared()) { // the kernels have threads
            MemorySegment vectors = arena.allocate(rows.length * rowBytes, Float.BYTES);
            for (int i = 0; i < rows.length; i++) {
                MemorySegment.copy(file.vectors(), rows[i] * rowBytes, vectors, i * rowBytes, rowBytes);
            }
            model.dotProducts(query, vectors, scores);
        }
        for (int i = 0; i < rows.length; i++) best.offer(checked(scores[i], rows[i]), rows[i]);
        return best;
    }

    /**
     * All scores of each query with the rows from (inclusive) to (exclusive).
     *
     * @param queries unit vectors of the model
     * @throws IndexException when the file's numbers turn out to be damaged, or it was written to since it was opened
     */
    public List<float[]> scores(List<float[]> queries, int from, int to) {
        List<float[]> scores = new ArrayList<>();
        for (int i = 0; i < queries.size(); i++) scores.add(new float[to - from]);
        reading(() -> scan(queries, from, to, (query, row, score) -> scores.get(query)[row - from] = score));
        return scores;
    }

    /** What reads the mapped file; it counts only if the file is still what was opened. */
    private void reading(Runnable search) {
        try {
            try {
                search.run();
            } catch (InternalError e) {
                throw file.checkpoint().explained(e);
            }
            if (file.checkpoint() != null) file.checkpoint().check();
        } catch (ModelFormatException e) {
            throw new IndexException(e.getMessage(), e);
        }
    }

    private interface ScoreTaker {
        void take(int query, int row, float score);
    }

    /** Scores of each query come in the order of the rows. */
    private void scan(List<float[]> queries, int from, int to, ScoreTaker taker) {
        int dimensions = model.dimensions();
        long rowBytes = (long) dimensions * Float.BYTES;
        for (int first = 0; first < queries.size(); first += MAX_QUERIES) {
            int count = Math.min(MAX_QUERIES, queries.size() - first);
            float[] together = new float[count * dimensions];
            for (int i = 0; i < count; i++) System.arraycopy(queries.get(first + i), 0, together, i * dimensions, dimensions);

            int step = SCORE_BUFFER / count;
            float[] scores = new float[0];
            for (int row = from, rows; row < to; row += rows) {
                rows = Math.min(step, to - row);
                if (scores.length != count * rows) scores = new float[count * rows];
                MemorySegment vectors = file.vectors().asSlice(row * rowBytes, rows * rowBytes);
                model.dotProducts(together, vectors, scores);
                for (int query = 0; query < count; query++) {
                    for (int i = 0; i < rows; i++) {
                        taker.take(first + query, row + i, checked(scores[query * rows + i], row + i));
                    }
                }
            }
        }
    }

    private float checked(float score, int row) {
        if (Math.abs(score) <= MAX_SCORE) return Math.clamp(score, -1f, 1f); // false for NaN
        throw IndexFile.damaged("%s: embeddings: row %d is not a unit vector".formatted(path, row), null);
    }

    private List<Match> sorted(TopMatches best) {
        LinkedList<Match> matches = new LinkedList<>();
        while (best.size() > 0) {
            matches.addFirst(new Match(best.worstScore(), best.worstRow(), entry(best.worstRow())));
            best.removeWorst();
        }
        return List.copyOf(matches);
    }

    /** Unmaps the file. Closing again does nothing. */
    @Override
    public void close() {
        file.close();
    }
}
