package dev.mme5.cli.command;

import dev.mme5.cli.Main;
import dev.mme5.cli.evaluation.Evaluation;
import dev.mme5.cli.evaluation.EvaluationReader;
import dev.mme5.cli.evaluation.EvaluationReport;
import dev.mme5.cli.input.DocumentCollection;
import dev.mme5.cli.input.UpdatedIndex;
import dev.mme5.cli.option.CommandContext;
import dev.mme5.cli.option.CommonOptions;
import dev.mme5.cli.option.EngineOptions;
import dev.mme5.cli.output.AtomicOutput;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.search.Document;
import dev.mme5.search.InputDocument;
import dev.mme5.search.RankingMetrics;
import dev.mme5.search.SearchIndex;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mme5 evaluate}: how well the model finds what it should. */
@Command(
        name = "evaluate",
        description = "Measures retrieval: recall at 1, 5 and 10, mean reciprocal rank and nDCG at 10, by group.",
        footer = {
            "",
            "FILE has a JSON object on each line, {\"candidate\": ID, ..} or {\"query\": ID, .., \"relevant\": [ID, ..]},",
            "with text, prompt or images as for embed --input. docs/EVALUATION.md tells all of it."
        })
public final class EvaluateCommand implements Callable<Integer> {
    private static final String INDEX = ".mme5-eval-index.safetensors";

    /** Queries whose scores are held at once. */
    private static final int CHUNK = 64;

    private final CommandContext console;

    @Mixin
    private CommonOptions common;

    @Mixin
    private EngineOptions engine;

    @Option(names = "--data", paramLabel = "FILE", required = true, description = "Candidates and queries, as JSON lines.")
    private Path data;

    @Option(
            names = "--index",
            paramLabel = "FILE",
            description = "Where vectors are kept for the next run; default: FILE.mme5-eval-index.safetensors beside FILE.")
    private Path index;

    @Option(names = "--rebuild", description = "Embed everything anew, whatever index there is.")
    private boolean rebuild;

    @Option(names = "--output", paramLabel = "FILE", description = "Where results go; default: stdout.")
    private String output;

    @Option(names = "--json", description = "One JSON object instead of a table.")
    private boolean json;

    public EvaluateCommand(CommandContext console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        Evaluation evaluation = EvaluationReader.read(data, console);
        Path path = console.folder().resolve(data).toAbsolutePath();
        Path file = index == null ? path.resolveSibling(path.getFileName() + INDEX) : console.folder().resolve(index);
        try (AtomicOutput out = AtomicOutput.open(output, false, console);
                EmbeddingModel model = common.open(console, engine.options(common));
                UpdatedIndex indexing =
                        UpdatedIndex.run(documents(evaluation, path.getParent(), file), file, rebuild, model, console, common.quiet())) {
            EvaluationReport report = new EvaluationReport(
                    model.name(), evaluation.candidates().size(), indexing.failures().size(), measure(evaluation, indexing.index()));
            out.write((json ? report.json() : report.table()).getBytes(StandardCharsets.UTF_8));
            out.commit();
            return indexing.anyFailed() ? Main.SOME_FAILED : Main.DONE;
        }
    }

    /** Candidates and queries go through one index: what is kept and what a broken run resumes is the same for both. */
    private static DocumentCollection documents(Evaluation evaluation, Path folder, Path index) {
        List<Document> documents = new ArrayList<>();
        for (Evaluation.Candidate candidate : evaluation.candidates()) {
            documents.add(new InputDocument(candidateName(candidate.id()), candidate.input(), folder));
        }
        for (Evaluation.Question query : evaluation.queries()) {
            documents.add(new InputDocument(queryName(query.id()), query.input(), folder));
        }
        return new DocumentCollection(documents, List.of(), index);
    }

    private static String candidateName(String id) {
        return "candidate " + id;
    }

    private static String queryName(String id) {
        return "query " + id;
    }

    private static List<EvaluationReport.Measured> measure(Evaluation evaluation, SearchIndex index) {
        Map<String, Integer> rowOf = new HashMap<>();
        for (int row = 0; row < index.size(); row++) rowOf.put(index.document(row).id(), row);

        // By candidate; -1 for one that could not be embedded. Those that could be come first in the index.
        int[] rows = evaluation.candidates().stream()
                .mapToInt(candidate -> rowOf.getOrDefault(candidateName(candidate.id()), -1))
                .toArray();
        int found = (int) Arrays.stream(rows).filter(row -> row >= 0).count();

        List<EvaluationReport.Measured> measured = new ArrayList<>();
        for (int from = 0; from < evaluation.queries().size(); from += CHUNK) {
            int to = Math.min(from + CHUNK, evaluation.queries().size());
            List<Evaluation.Question> chunk = evaluation.queries().subList(from, to);
            List<Evaluation.Question> embedded =
                    chunk.stream().filter(query -> rowOf.containsKey(queryName(query.id()))).toList();
            List<float[]> scores = index.scores(
                    embedded.stream().map(query -> index.vector(rowOf.get(queryName(query.id())))).toList(), 0, found);
            int next = 0;
            for (Evaluation.Question query : chunk) {
                boolean failed = !rowOf.containsKey(queryName(query.id()));
                RankingMetrics metrics = failed
                        ? RankingMetrics.NONE
                        : RankingMetrics.of(visible(scores.get(next++), rows, query.visible()), query.visibleGrades());
                measured.add(new EvaluationReport.Measured(query.group(), metrics));
            }
        }
        return measured;
    }

    private static float[] visible(float[] scores, int[] rows, int[] candidates) {
        float[] visible = new float[candidates.length];
        for (int i = 0; i < visible.length; i++) {
            int row = rows[candidates[i]];
            visible[i] = row < 0 ? Float.NaN : scores[row];
        }
        return visible;
    }
}
