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
import java.util.Set;
import java.util.stream.Collectors;

/** Updates an index, shows progress, opens it. */
public final class UpdatedIndex implements AutoCloseable {
    private final SearchIndex index;
    private final List<IndexReport.Failure> failures;

    private final boolean anyKept;

    private UpdatedIndex(SearchIndex index, List<IndexReport.Failure> failures, boolean anyKept) {
        this.index = index;
        this.failures = failures;
        this.anyKept = anyKept;
    }

    /** Prints failed documents and, unless {@code quiet}, what was done. */
    public static UpdatedIndex open(DocumentCollection documents, Path file, boolean rebuild, boolean prune, EmbeddingModel model,
            CommandContext context, boolean quiet) {
        List<IndexReport.Failure> failures = new ArrayList<>(documents.scan().failures());
        ProgressLine progress = new ProgressLine(context, quiet);
        long start = System.nanoTime();
        IndexReport report = new IndexUpdate(model, file, rebuild).run(documents.scan(), prune, new IndexUpdate.Listener() {
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
        Set<String> kept = report.kept().stream().map(IndexReport.Kept::id).collect(Collectors.toSet());
        for (IndexReport.Failure failure : failures) {
            if (!kept.contains(failure.id())) context.printMessage(failure.message());
        }
        for (IndexReport.Kept place : report.kept()) context.printMessage(place.message() + "; --prune drops them");
        if (!quiet) printSummary(documents, report, file, (System.nanoTime() - start) * 1e-9, model, context);
        return new UpdatedIndex(SearchIndex.open(file, model), failures, !report.kept().isEmpty());
    }

    /** What was done and what is missing, on one line, if there is something to say. */
    private static void printSummary(DocumentCollection documents, IndexReport report, Path file, double seconds, EmbeddingModel model,
            CommandContext context) {
        List<String> parts = new ArrayList<>(List.of(Plural.of(report.documents(), "document")));
        if (report.embedded() > 0) {
            parts.set(0, String.format(Locale.ROOT, "%s, %,d embedded now in %.1f s, index %s", parts.getFirst(), report.embedded(),
                    seconds, file));
        }
        if (report.truncated() > 0) {
            parts.add("%s cut off at %s".formatted(Plural.of(report.truncated(), "text"), Plural.of(model.maxTokens(), "token")));
        }
        List<IndexReport.Skipped> skipped = new ArrayList<>(documents.scan().skipped());
        skipped.addAll(report.skipped());
        if (!skipped.isEmpty()) parts.add(SkippedSummary.of(skipped));
        if (report.embedded() > 0 || parts.size() > 1) context.printMessage(String.join("; ", parts));
    }

    public SearchIndex index() {
        return index;
    }

    /** Whether a document could not be read or embedded, or is only kept from an earlier run. */
    public boolean anyFailed() {
        return !failures.isEmpty() || anyKept;
    }

    public List<IndexReport.Failure> failures() {
        return List.copyOf(failures);
    }

    @Override
    public void close() {
        index.close();
    }
}
