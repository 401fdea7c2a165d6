package dev.mme5.cli.command;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.ExitStatus;
import dev.mme5.cli.context.OptionException;
import dev.mme5.cli.evaluation.Evaluation;
import dev.mme5.cli.evaluation.EvaluationReader;
import dev.mme5.cli.evaluation.EvaluationReport;
import dev.mme5.cli.input.DocumentCollection;
import dev.mme5.cli.input.NamedFile;
import dev.mme5.cli.input.UpdatedIndex;
import dev.mme5.cli.option.CommonOptions;
import dev.mme5.cli.option.DocumentPromptOptions;
import dev.mme5.cli.option.EngineOptions;
import dev.mme5.cli.option.IndexOptions;
import dev.mme5.cli.option.OutputOptions;
import dev.mme5.cli.option.PromptNameOptions;
import dev.mme5.cli.option.SearchQueryOptions;
import dev.mme5.cli.option.StatisticsOptions;
import dev.mme5.cli.output.AtomicOutput;
import dev.mme5.cli.output.RunFiles;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import dev.mme5.engine.Options;
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
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mme5 evaluate}: retrieval metrics of the model on a task. */
@Command(
        name = "evaluate",
        description = "Measures retrieval: recall at 1, 5 and 10, mean reciprocal rank and nDCG at 10, by group.",
        footer = {
            "",
            "FILE has a JSON object on each line, {\"candidate\": ID, ..} or {\"query\": ID, .., \"relevant\": [ID, ..]},",
            "with text, prompt or images as for embed --input. See docs/EVALUATION.md.",
            "A model that was trained with prompts needs them here, too:",
            "  mme5 evaluate --model intfloat/e5-small-v2 --data task.jsonl --instruction 'query: {}' --document-prompt 'passage: '"
        })
public final class EvaluateCommand implements Callable<Integer> {
    private static final String INDEX = ".mme5-eval-index.safetensors";

    /** Number of queries whose scores are held at the same time. */
    private static final int CHUNK = 64;

    private final CommandContext context;

    @Mixin
    private CommonOptions common;

    @Mixin
    private EngineOptions engine;

    @Mixin
    private PromptNameOptions promptName;

    @Mixin
    private DocumentPromptOptions documentPrompt;

    @Mixin
    private IndexOptions index;

    @Mixin
    private OutputOptions output;

    @Mixin
    private StatisticsOptions statistics;

    @Option(names = "--data", paramLabel = "FILE", required = true, description = "Candidates and queries, as JSON lines.")
    private Path data;

    @Option(
            names = "--instruction",
            paramLabel = "TEXT",
            description = "What is embedded for every query without images, whose text replaces the {}. \\n is a line break. "
                    + "Default: each query as it stands.")
    private String instruction;

    @Option(names = "--json", description = "One JSON object instead of a table.")
    private boolean json;

    public EvaluateCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        SearchQueryOptions.requireOne(instruction, promptName.isGiven());
        if (instruction != null && !SearchQueryOptions.hasPlace(instruction)) {
            throw new OptionException("--instruction has no {} for the query");
        }
        documentPrompt.check();
        Options options = engine.options(common);
        boolean writesJson = output.json(json);
        RunFiles files = new RunFiles(context).reads("--data", data.toString()).readsModel(common.model(context))
                .writesIndex("--index", index.explicit(context)).writes("--output", output.file());
        files.check();
        Evaluation evaluation = EvaluationReader.read(data, files::checkedImage, context);
        reportUnprompted(evaluation);
        NamedFile file = NamedFile.of(context.folder().resolve(data));
        try (AtomicOutput out = output.open(context);
                EmbeddingModel model = engine.open(common, options, context)) {
            long start = System.nanoTime();
            DocumentCollection documents = documents(evaluation, file, queryPrompt(model), documentPrompt.prompt(model));
            try (UpdatedIndex updated = index.update(documents, false, model, context, common.quiet())) {
                EvaluationReport report = new EvaluationReport(
                        model.name(), evaluation.candidates().size(), updated.failures().size(), measure(evaluation, updated.index()));
                out.write((writesJson ? report.json() : report.table()).getBytes(StandardCharsets.UTF_8));
                out.commit();
                statistics.print(model.statistics(), (System.nanoTime() - start) * 1e-9, context);
                return ExitStatus.failedIf(updated.anyFailed());
            }
        }
    }

    private void reportUnprompted(Evaluation evaluation) {
        if (promptName.isGiven() || instruction != null) {
            String option = promptName.isGiven() ? "--prompt-name" : "--instruction";
            reportUnprompted(option, evaluation.queries().stream().map(Evaluation.Query::input).toList(), "queries");
        }
        if (documentPrompt.isGiven()) {
            reportUnprompted(documentPrompt.option(), evaluation.candidates().stream().map(Evaluation.Candidate::input).toList(),
                    "candidates");
        }
    }

    /** Says how many inputs stay as they are; refuses an option that would change none. */
    private void reportUnprompted(String option, List<Input> inputs, String noun) {
        long images = inputs.stream().filter(input -> !input.images().isEmpty()).count();
        if (images == inputs.size()) throw new OptionException(option + " is for " + noun + " without images, and there is none");
        if (images == 0 || common.quiet()) return;
        context.printMessage(String.format(Locale.ROOT, "%s left out for %,d of %,d %s: prompts are for inputs without images", option,
                images, inputs.size(), noun));
    }

    /** What is embedded for a query; one with images stays. */
    private UnaryOperator<Input> queryPrompt(EmbeddingModel model) {
        if (instruction == null) return promptName.prompt(model);
        return input -> input.images().isEmpty()
                ? new Input(SearchQueryOptions.prompt(instruction, input.prompt()), input.images(), input.maxTokens(), input.isPlain())
                : input;
    }

    /** Candidates and queries share one index, so an interrupted run resumes both. */
    private static DocumentCollection documents(Evaluation evaluation, NamedFile file, UnaryOperator<Input> queryPrompt, String prompt) {
        Path folder = file.folder();
        List<Document> documents = new ArrayList<>();
        for (Evaluation.Candidate candidate : evaluation.candidates()) {
            documents.add(new InputDocument(candidateName(candidate.id()), candidate.input(), folder, prompt));
        }
        for (Evaluation.Query query : evaluation.queries()) {
            documents.add(new InputDocument(queryName(query.id()), queryPrompt.apply(query.input()), folder));
        }
        return DocumentCollection.of(documents, file.withSuffix(INDEX));
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

        // By candidate, -1 for failed ones. The others come first in the index.
        int[] rows = evaluation.candidates().stream()
                .mapToInt(candidate -> rowOf.getOrDefault(candidateName(candidate.id()), -1))
                .toArray();
        int found = (int) Arrays.stream(rows).filter(row -> row >= 0).count();

        List<EvaluationReport.Measured> measured = new ArrayList<>();
        for (int from = 0; from < evaluation.queries().size(); from += CHUNK) {
            int to = Math.min(from + CHUNK, evaluation.queries().size());
            List<Evaluation.Query> chunk = evaluation.queries().subList(from, to);
            List<Evaluation.Query> embedded =
                    chunk.stream().filter(query -> rowOf.containsKey(queryName(query.id()))).toList();
            List<float[]> scores = index.scores(
                    embedded.stream().map(query -> index.vector(rowOf.get(queryName(query.id())))).toList(), 0, found);
            int next = 0;
            for (Evaluation.Query query : chunk) {
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
