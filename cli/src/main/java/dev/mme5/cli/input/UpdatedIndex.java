package dev.mme5.cli.input;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.Plural;
import dev.mme5.cli.terminal.ProgressLine;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.search.IndexReport;
import dev.mme5.search.IndexUpdate;
import dev.mme5.search.SearchIndex;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Updates an index, shows progress, opens it. */
public final class UpdatedIndex implements AutoCloseable {
    private final SearchIndex index;
    private final List<IndexReport.Failure> failures;

    private UpdatedIndex(SearchIndex index, List<IndexReport.Failure> failures) {
        this.index = index;
        this.failures = failures;
    }

    /** Prints failed documents and, unless {@code quiet}, what was done. */
    public static UpdatedIndex open(DocumentCollection documents, Path file, boolean rebuild, EmbeddingModel model,
            CommandContext context, boolean quiet) {
        List<IndexReport.Failure> failures = new ArrayList<>(documents.failures());
        ProgressLine progress = new ProgressLine(context, quiet);
        long start = System.nanoTime();
        IndexReport report = new IndexUpdate(model, file, rebuild).run(documents.documents(), new IndexUpdate.Listener() {
            @Override
            public void progress(int done, int total) {
                progress.update(done, (double) done / total);
            }

            @Override
            public void waiting() {
                if (!quiet) context.printMessage(file + ": waiting for another run that builds this index");
            }
        });
        progress.erase();
        failures.addAll(report.failures());
        for (IndexReport.Failure failure : failures) context.printMessage(failure.message());
        if (!quiet && report.embedded() > 0) {
            double seconds = (System.nanoTime() - start) * 1e-9;
            context.printMessage(String.format(
                    Locale.ROOT,
                    "%s, %,d embedded now in %.1f s, index %s",
                    Plural.of(report.documents(), "document"), report.embedded(), seconds, file));
        }
        return new UpdatedIndex(SearchIndex.open(file, model), failures);
    }

    public SearchIndex index() {
        return index;
    }

    public boolean anyFailed() {
        return !failures.isEmpty();
    }

    public List<IndexReport.Failure> failures() {
        return List.copyOf(failures);
    }

    @Override
    public void close() {
        index.close();
    }
}
