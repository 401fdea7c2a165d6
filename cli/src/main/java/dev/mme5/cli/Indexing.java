package dev.mme5.cli;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.search.IndexReport;
import dev.mme5.engine.search.IndexUpdate;
import dev.mme5.engine.search.SearchIndex;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An index brought up to date before a person's eyes, and opened. */
final class Indexing implements AutoCloseable {
    private final SearchIndex index;
    private final List<IndexReport.Failure> failures;

    private Indexing(SearchIndex index, List<IndexReport.Failure> failures) {
        this.index = index;
        this.failures = failures;
    }

    static Indexing run(Collected documents, Path file, boolean rebuild, EmbeddingModel model, Console console, boolean quiet) {
        List<IndexReport.Failure> failures = new ArrayList<>(documents.failures());
        Progress progress = new Progress(console, quiet);
        long start = System.nanoTime();
        IndexReport report = new IndexUpdate(model, file, rebuild).run(documents.documents(), new IndexUpdate.Listener() {
            @Override
            public void progress(int done, int total) {
                progress.update(done, (double) done / total);
            }

            @Override
            public void waiting() {
                if (!quiet) console.say(file + ": waiting for another run that builds this index");
            }
        });
        progress.erase();
        failures.addAll(report.failures());
        for (IndexReport.Failure failure : failures) console.say(failure.message());
        if (!quiet && report.embedded() > 0) {
            double seconds = (System.nanoTime() - start) * 1e-9;
            console.say(String.format(
                    Locale.ROOT,
                    "%,d documents, %,d embedded now in %.1f s, index %s",
                    report.documents(), report.embedded(), seconds, file));
        }
        return new Indexing(SearchIndex.open(file, model), failures);
    }

    SearchIndex index() {
        return index;
    }

    boolean anyFailed() {
        return !failures.isEmpty();
    }

    List<IndexReport.Failure> failures() {
        return List.copyOf(failures);
    }

    @Override
    public void close() {
        index.close();
    }
}
