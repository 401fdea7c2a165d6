package dev.mme5.cli.input;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.UsageException;
import dev.mme5.cli.terminal.ProgressLine;
import dev.mme5.engine.Embedding;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.lucene.EmbeddingDocument;
import dev.mme5.lucene.IndexQuery;
import dev.mme5.lucene.IndexSettings;
import dev.mme5.lucene.LuceneEmbeddingIndex;
import dev.mme5.lucene.LuceneIndexException;
import dev.mme5.search.SearchIndex;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Rows of a search index that are near to a query, found by a Lucene index in a folder beside it. It has each content once, under the
 * content's key and the model's fingerprint; opening it adds and deletes what differs.
 */
public final class LuceneCandidates implements AutoCloseable {
    private static final String SUFFIX = ".lucene";
    private static final int BATCH = 500;

    /** Vectors between two commits: what an interrupted run loses. */
    private static final int COMMIT = 10_000;

    private static final long WAIT_MILLIS = 200;

    /** Kept, because loggers that nobody holds forget their level. */
    private static final Logger LUCENE = Logger.getLogger("org.apache.lucene");

    private final LuceneEmbeddingIndex lucene;
    private final Map<String, List<Integer>> rows;

    private LuceneCandidates(LuceneEmbeddingIndex lucene, Map<String, List<Integer>> rows) {
        this.lucene = lucene;
        this.rows = rows;
    }

    /**
     * Opens the Lucene index beside the index file, waiting for another run that has it, and brings it up to date.
     *
     * @throws UsageException when that is impossible
     */
    public static LuceneCandidates open(Path file, SearchIndex index, EmbeddingModel model, CommandContext context, boolean quiet) {
        LUCENE.setLevel(Level.SEVERE);
        Path folder = file.resolveSibling(file.getFileName() + SUFFIX);
        try {
            LuceneEmbeddingIndex lucene = open(folder, context, quiet);
            try {
                LuceneCandidates candidates = new LuceneCandidates(lucene, rows(index, model.fingerprint()));
                candidates.update(index, new ProgressLine(context, quiet));
                return candidates;
            } catch (RuntimeException e) {
                lucene.close();
                throw e;
            }
        } catch (LuceneIndexException e) {
            throw new UsageException(e.getMessage() + "; delete " + folder + " to build it again");
        }
    }

    private static LuceneEmbeddingIndex open(Path folder, CommandContext context, boolean quiet) {
        for (boolean isTold = quiet;; isTold = true) {
            try {
                return LuceneEmbeddingIndex.open(folder, IndexSettings.defaults());
            } catch (LuceneIndexException e) {
                if (!e.isInUse()) throw e;
                if (!isTold) context.printMessage(folder + ": waiting for another run that uses it");
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(WAIT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UsageException("interrupted");
        }
    }

    /** The rows of each content. */
    private static Map<String, List<Integer>> rows(SearchIndex index, String fingerprint) {
        Map<String, List<Integer>> rows = new HashMap<>();
        for (int row = 0; row < index.size(); row++) {
            rows.computeIfAbsent(index.contentKey(row) + "@" + fingerprint, key -> new ArrayList<>(1)).add(row);
        }
        return rows;
    }

    private void update(SearchIndex index, ProgressLine progress) {
        Set<String> present = lucene.ids();
        Set<String> gone = new HashSet<>(present);
        gone.removeAll(rows.keySet());
        if (gone.size() == present.size() && !gone.isEmpty()) lucene.deleteAll();   // perhaps of a model with other dimensions
        else if (!gone.isEmpty()) lucene.delete(gone);

        List<String> added = new ArrayList<>(rows.keySet());
        added.removeAll(present);
        added.sort((a, b) -> Integer.compare(rows.get(a).getFirst(), rows.get(b).getFirst()));
        List<EmbeddingDocument> batch = new ArrayList<>();
        for (int i = 0; i < added.size(); i++) {
            batch.add(EmbeddingDocument.of(added.get(i), index.vector(rows.get(added.get(i)).getFirst())));
            if (batch.size() < BATCH && i + 1 < added.size()) continue;
            lucene.putAll(batch);
            batch.clear();
            progress.update(i + 1, (i + 1.0) / added.size());
            if ((i + 1) % COMMIT == 0) lucene.commit();
        }
        if (!added.isEmpty() || !gone.isEmpty()) lucene.commit();
        progress.erase();
    }

    /**
     * Rows that are near to a query: those of as many contents as there are candidates.
     *
     * @throws UsageException when the Lucene index cannot be read
     */
    public int[] rows(Embedding query, int candidates) {
        try {
            List<String> keys = lucene.candidateIds(IndexQuery.of(query.values(), 1).withCandidates(candidates));
            return keys.stream().flatMap(key -> rows.get(key).stream()).mapToInt(Integer::intValue).sorted().toArray();
        } catch (LuceneIndexException e) {
            throw new UsageException(e.getMessage());
        }
    }

    @Override
    public void close() {
        lucene.close();
    }
}
