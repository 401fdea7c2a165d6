package dev.mme5.search;

import dev.mme5.engine.EmbeddingModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Brings an index file up to date with documents: embeds what is new or changed, keeps the vectors of the rest, drops what is
 * gone. A file that still has its size and time is not read; one with another time is, and embedded if its content is another.
 * Contents are recognised wherever they stand, so renamed and copied documents cost nothing.
 *
 * <p>The index file is replaced as a whole when all is done. Until then new vectors gather in a journal beside it, from which
 * the next run goes on, however this one ends. Runs that build one index at the same time wait for each other.
 */
public final class IndexUpdate {
    private final EmbeddingModel model;
    private final Path file;
    private final boolean rebuild;

    /** Hears how far the work has come, on the calling thread. */
    public interface Listener {
        /** Hears nothing. */
        Listener NONE = (done, total) -> {};

        /** So many of the documents that needed work are done. */
        void progress(int done, int total);

        /** Another run builds this index, and we wait for it. */
        default void waiting() {}
    }

    /** For an index file, which need not exist. */
    public IndexUpdate(EmbeddingModel model, Path file) {
        this(model, file, false);
    }

    /** @param rebuild whether an index that is there is not even looked at, be it damaged or another model's */
    public IndexUpdate(EmbeddingModel model, Path file, boolean rebuild) {
        this.model = model;
        this.file = file;
        this.rebuild = rebuild;
    }

    /**
     * Does the work. The index then has the documents in this order, without those that failed.
     *
     * @throws IndexException when the file is damaged, no index, made with another model or other options, or cannot be written
     */
    public IndexReport run(List<? extends Document> documents, Listener listener) {
        if (!IndexFile.mayReplace(file)) {
            throw new IndexException(file + ": is not an index of mme5; name another file with --index, or delete this one");
        }
        if (!rebuild) {
            try (IndexFile before = openBefore()) {
                IndexPlan known = new IndexPlan(documents, before, null);
                known.settleUnchanged();
                if (known.isComplete() && known.equalsBefore()) return new IndexReport(documents.size(), 0, false, List.of());
            }
        }
        try (IndexJournal journal = IndexJournal.open(file, model.fingerprint(), model.dimensions(), listener::waiting);
                IndexFile before = openBefore()) { // again: another run may have written it before we had the lock
            IndexPlan plan = new IndexPlan(documents, before, journal);
            plan.settleUnchanged();
            Embedder embedder = new Embedder(model, plan, journal, listener);
            embedder.run();
            boolean changed = !plan.equalsBefore() || !Files.exists(file) || rebuild;
            if (changed) write(before, journal, plan);
            journal.delete();
            return new IndexReport(plan.rows().size(), embedder.embedded(), changed, plan.failures());
        }
    }

    private IndexFile openBefore() {
        boolean none = rebuild || !Files.exists(file);
        return none || isEmpty() ? IndexFile.empty() : IndexFile.open(file, model);
    }

    private boolean isEmpty() {
        try {
            return Files.size(file) == 0;
        } catch (IOException e) {
            return false; // opening it will say what is wrong
        }
    }

    private void write(IndexFile before, IndexJournal journal, IndexPlan plan) {
        try {
            new IndexWriter(model, before, journal).write(file, plan.rows());
        } catch (IOException e) {
            throw IndexJournal.cannotWrite(file, e);
        }
    }
}
