package dev.mme5.search;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.search.index.IndexFile;
import dev.mme5.search.index.IndexFileException.Problem;
import dev.mme5.search.index.IndexFileException;
import dev.mme5.search.index.IndexJournal;
import dev.mme5.search.index.IndexWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Updates an index file: embeds new and changed documents, keeps the vectors of the others, drops documents that are gone.
 *
 * <p>A file with the stored size and times is not read, unless many files share these times. A file with another time is read, and
 * embedded only if its content has changed. Vectors are found by content, so renamed and copied documents are not embedded again. A
 * document that the system refuses to show keeps the vector that it has.
 *
 * <p>The index file is replaced as a whole at the end. Until then, new vectors are collected in a journal next to it. If a run
 * ends early, the next one continues from the journal. Runs that update the same index wait for each other.
 */
public final class IndexUpdate {
    private final EmbeddingModel model;
    private final Path file;
    private final boolean rebuild;

    /** Receives the progress of an update, on the calling thread. */
    public interface Listener {
        /** Ignores everything. */
        Listener NONE = (done, total) -> {};

        /**
         * Called after each document.
         *
         * @param done documents finished so far
         * @param total documents that had to be read
         */
        void progress(int done, int total);

        /** Called once if another run updates this index and this one has to wait. */
        default void waiting() {}
    }

    /** @param file the index file, which need not exist */
    public IndexUpdate(EmbeddingModel model, Path file) {
        this(model, file, false);
    }

    /**
     * @param file the index file, which need not exist
     * @param rebuild whether to embed everything again that can be read, even if the file is damaged or belongs to another model
     */
    public IndexUpdate(EmbeddingModel model, Path file, boolean rebuild) {
        this.model = model;
        this.file = file;
        this.rebuild = rebuild;
    }

    /**
     * Runs the update. Afterwards the index holds the documents in this order, without those that failed or were skipped.
     *
     * @throws IndexException if the file is damaged, is no index, was made with another model or options, or cannot be written
     */
    public IndexReport run(List<? extends Document> documents, Listener listener) {
        return run(documents, List.of(), false, listener);
    }

    /**
     * Runs the update. Afterwards the index holds the documents of the scan, without those that failed or were skipped, and the
     * documents that it had where the scan could not look.
     *
     * @param prune whether documents count as deleted that are below folders that are empty now or at links that lead nowhere, and those of
     *     a file of inputs whose images are missing
     * @throws IndexException if the file is damaged, is no index, was made with another model or options, or cannot be written
     */
    public IndexReport run(FolderDocuments scan, boolean prune, Listener listener) {
        return run(scan.documents(), scan.gaps(), prune, listener);
    }

    private IndexReport run(List<? extends Document> documents, List<FolderDocuments.Gap> gaps, boolean prune, Listener listener) {
        try {
            return update(documents, gaps, prune, listener);
        } catch (IndexFileException e) {
            throw IndexException.of(e);
        }
    }

    private IndexReport update(List<? extends Document> documents, List<FolderDocuments.Gap> gaps, boolean prune, Listener listener) {
        if (!IndexFile.mayReplace(file)) {
            throw new IndexFileException(Problem.NOT_OURS, file + ": is not an index of mme5", null);
        }
        if (!rebuild) {
            try (IndexFile previous = openPrevious()) {
                UnseenDocuments unseen = UnseenDocuments.of(previous.entries(), documents, gaps, prune);
                IndexPlan plan = plan(documents, previous, null, unseen, listener);
                if (plan.isComplete() && plan.equalsPrevious()) return report(plan, unseen, 0, false);
            }
        }
        try (IndexJournal journal = IndexJournal.open(file, model.fingerprint(), model.dimensions(), listener::waiting);
                IndexFile previous = openPrevious()) { // again: another run may have written it before this one had the lock
            UnseenDocuments unseen = UnseenDocuments.of(previous.entries(), documents, gaps, prune);
            IndexPlan plan = plan(documents, previous, journal, unseen, listener);
            DocumentEmbedder embedder = new DocumentEmbedder(model, plan, journal, prune, listener);
            embedder.run();
            boolean changed = !plan.equalsPrevious() || !Files.exists(file) || rebuild;
            if (changed) write(previous, journal, plan);
            journal.delete();
            return report(plan, unseen, embedder.embedded(), changed);
        } catch (IndexFileException e) {
            if (e.problem() != Problem.NOT_WRITABLE || rebuild) throw e;
            return readOnly(documents, gaps, prune, listener, e);
        }
    }

    /** The report of an index that cannot be written and need not be: only times of files differ. */
    private IndexReport readOnly(List<? extends Document> documents, List<FolderDocuments.Gap> gaps, boolean prune, Listener listener,
            IndexFileException refusal) {
        try (IndexFile previous = openPrevious()) {
            UnseenDocuments unseen = UnseenDocuments.of(previous.entries(), documents, gaps, prune);
            IndexPlan plan = plan(documents, previous, null, unseen, listener);
            new DocumentEmbedder(model, plan, null, prune, listener).settleByContent();
            if (!plan.isComplete() || !plan.hasDocumentsOfPrevious()) throw refusal;
            return report(plan, unseen, 0, false);
        }
    }

    private IndexPlan plan(List<? extends Document> documents, IndexFile previous, IndexJournal journal, UnseenDocuments unseen,
            Listener listener) {
        IndexPlan plan = new IndexPlan(documents, previous, journal, !rebuild);
        plan.keep(unseen.rows());
        plan.settleUnchanged(listener);
        return plan;
    }

    private static IndexReport report(IndexPlan plan, UnseenDocuments unseen, int embedded, boolean written) {
        List<IndexWriter.Row> rows = plan.rows();
        int truncated = (int) rows.stream().filter(row -> row.entry().truncated()).count();
        return new IndexReport(rows.size(), embedded, written, plan.failures(), plan.skipped(), unseen.kept(), truncated);
    }

    /** A rebuild needs it only for documents that cannot be seen, so one that cannot be used is as good as none. */
    private IndexFile openPrevious() {
        boolean none = Files.notExists(file); // not: "cannot be looked at"
        if (none || isEmpty()) return IndexFile.empty();
        try {
            return IndexFile.open(file, model);
        } catch (IndexFileException e) {
            if (rebuild) return IndexFile.empty();
            throw e;
        }
    }

    private boolean isEmpty() {
        try {
            return Files.size(file) == 0;
        } catch (IOException e) {
            return false; // opening it reports the reason
        }
    }

    private void write(IndexFile previous, IndexJournal journal, IndexPlan plan) {
        try {
            new IndexWriter(model, previous, journal).write(file, plan.rows());
        } catch (IOException e) {
            throw IndexJournal.cannotWrite(file, e);
        }
    }
}
