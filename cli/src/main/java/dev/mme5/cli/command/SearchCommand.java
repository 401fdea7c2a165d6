package dev.mme5.cli.command;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.ExitStatus;
import dev.mme5.cli.context.InputAdvice;
import dev.mme5.cli.context.OptionException;
import dev.mme5.cli.context.Plural;
import dev.mme5.cli.context.UsageException;
import dev.mme5.cli.input.DocumentCollection;
import dev.mme5.cli.input.DocumentFiles;
import dev.mme5.cli.input.LuceneCandidates;
import dev.mme5.cli.input.SearchQuery;
import dev.mme5.cli.input.UpdatedIndex;
import dev.mme5.cli.option.CommonOptions;
import dev.mme5.cli.option.EngineOptions;
import dev.mme5.cli.option.DocumentOptions;
import dev.mme5.cli.option.IndexOptions;
import dev.mme5.cli.option.OutputOptions;
import dev.mme5.cli.option.PreviewOptions;
import dev.mme5.cli.option.PromptNameOptions;
import dev.mme5.cli.option.SearchQueryOptions;
import dev.mme5.cli.option.StatisticsOptions;
import dev.mme5.cli.output.AtomicOutput;
import dev.mme5.cli.output.RunFiles;
import dev.mme5.cli.output.SearchJsonlWriter;
import dev.mme5.cli.output.SearchTableWriter;
import dev.mme5.cli.output.SearchWriter;
import dev.mme5.cli.preview.SearchPage;
import dev.mme5.cli.preview.TerminalImages;
import dev.mme5.cli.preview.Thumbnails;
import dev.mme5.engine.Embedding;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.EmbeddingResult;
import dev.mme5.engine.InputException;
import dev.mme5.engine.Options;
import dev.mme5.engine.Input;
import dev.mme5.engine.ProgressListener;
import dev.mme5.search.Document;
import dev.mme5.search.IndexReport;
import dev.mme5.search.Match;
import dev.mme5.search.SearchIndex;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mme5 search}: the documents that answer a text or an image best. */
@Command(
        name = "search",
        description = "Finds images and texts by meaning, in any language the model knows.",
        footer = {
            "",
            "The first search in a folder embeds its files and keeps the vectors in an index file. Later searches embed only "
                    + "what has changed.",
            "Examples:",
            "  mme5 search --in models/mini/gallery \"red apple\" \"велосипед\" \"飛行機\"",
            "  mme5 search --in photos --image holiday.jpg --top 5",
            "  mme5 search --in photos \"a butterfly\" --html found.html",
            "  mme5 search --in photos --instruction 'Find me an everyday image that matches the given caption: {}.\\n' \"a cat\""
        })
public final class SearchCommand implements Callable<Integer> {
    /** With {@code --rank binary}, this many times {@code --top} documents are compared exactly. */
    private static final int RESCORE_FACTOR = 10;

    /** With {@code --engine lucene}, at least this many. */
    private static final int MIN_CANDIDATES = 100;

    /** Longest side of an image on a terminal and on a page, in pixels. */
    private static final int TERMINAL_SIDE = 128;

    private static final int PAGE_SIDE = 240;

    /** The values of {@code --format}. */
    enum Format { table, jsonl }

    /** The values of {@code --rank}. */
    enum Rank { exact, binary }

    private static final Map<String, Format> BY_SUFFIX =
            Map.of("jsonl", Format.jsonl, "json", Format.jsonl, "ndjson", Format.jsonl);

    /** The values of {@code --engine}. */
    enum SearchEngine { exact, lucene }

    private final CommandContext context;

    @Mixin
    private CommonOptions common;

    @Mixin
    private EngineOptions engine;

    @Mixin
    private SearchQueryOptions queryOptions;

    @Mixin
    private PromptNameOptions promptName;

    @Mixin
    private IndexOptions index;

    @Mixin
    private DocumentOptions documentOptions;

    @Mixin
    private OutputOptions output;

    @Mixin
    private StatisticsOptions statistics;

    @Mixin
    private PreviewOptions preview;

    @Option(names = "--top", paramLabel = "K", description = "Number of matches to show for each query. Default: 10.")
    private int top = 10;

    @Option(
            names = "--rank",
            paramLabel = "KIND",
            description = "exact (default): compare all vectors. binary: first compare signs, which reads 1/32 of the bytes.")
    private Rank rank = Rank.exact;

    @Option(
            names = "--engine",
            paramLabel = "ENGINE",
            description = "exact (default): compare all vectors. lucene: find candidates with a graph that is kept beside the "
                    + "index, for collections that are too large to compare whole.")
    private SearchEngine searchEngine = SearchEngine.exact;

    @Option(
            names = "--rescore",
            paramLabel = "N",
            description = "With --rank binary or --engine lucene: number of documents that are then compared exactly. Default: ten times "
                    + "--top, for lucene at least 100.")
    private Integer rescore;

    @Option(names = "--format", paramLabel = "FORMAT", description = "table or jsonl. Default: jsonl if --output is named so, else table.")
    private Format explicitFormat;

    public SearchCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        OptionException.requireAtLeast(1, "--top", top);
        boolean isExact = rank == Rank.exact && searchEngine == SearchEngine.exact;
        if (rank == Rank.binary && searchEngine == SearchEngine.lucene) {
            throw new OptionException("--rank binary and --engine lucene exclude each other");
        }
        if (rescore != null && isExact) throw new OptionException("--rescore is for --rank binary or --engine lucene");
        if (rescore != null && rescore < top) throw new OptionException("--rescore is " + rescore + ", expected at least --top, " + top);
        Options options = engine.options(common);
        Format format = output.format(explicitFormat, Format.table, BY_SUFFIX);
        List<SearchQuery> queries = queryOptions.queries(promptName.isGiven(), context);
        RunFiles written = new RunFiles(context).reads("--in", documentOptions.in().toString()).readsModel(common.model(context))
                .writesIndex("--index", index.explicit(context)).writes("--html", preview.html()).writes("--output", output.file());
        written.check();
        written.check("an image", queryOptions.imageFiles(context));
        Optional<TerminalImages> terminal = preview.terminal(format == Format.table && output.isStdout(), context);
        DocumentCollection documents = documentOptions.documents(queryOptions.special(), context);
        documents.requireDocuments(documentOptions.in(), index.file(documents, context));
        written.check("a document", documents.paths());
        DocumentFiles files = new DocumentFiles(documents.scan().documents());
        try (AtomicOutput out = output.open(context);
                AtomicOutput html = preview.html() == null ? null : AtomicOutput.open(preview.html(), false, context);
                EmbeddingModel model = engine.open(common, options, context)) {
            long start = System.nanoTime();
            List<SearchQuery> prompted = prompted(queries, model); // before the long work: the name may be wrong
            if (!model.takesImages() && prompted.stream().anyMatch(SearchQuery::isImage)) {
                throw new UsageException("--image: the model takes no images, only texts");
            }
            Path indexFile = index.file(documents, context);
            DocumentCollection taken = documentOptions.prompted(documents, model, indexFile);
            if (!common.quiet()) documentOptions.unusedPrompt(taken).ifPresent(context::printMessage);
            try (UpdatedIndex updated = index.update(taken, documentOptions.prune(), model, context, common.quiet())) {
                printAdvice(updated.failures());
                List<Answer> answers = answers(prompted, updated.index(), indexFile, model);
                write(answers, format == Format.jsonl ? new SearchJsonlWriter() : table(terminal, files), out);
                if (html != null) html.write(page(answers, files).getBytes(StandardCharsets.UTF_8));
                out.commit();
                if (html != null) html.commit();
                statistics.print(model.statistics(), (System.nanoTime() - start) * 1e-9, context);
                return ExitStatus.failedIf(updated.anyFailed() || answers.stream().anyMatch(answer -> answer.error() != null));
            }
        }
    }

    private static void write(List<Answer> answers, SearchWriter writer, AtomicOutput out) throws IOException {
        for (Answer answer : answers) {
            String text = answer.error() != null
                    ? writer.formatFailure(answer.query(), answer.error())
                    : writer.formatMatches(answer.query(), answer.matches());
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** One line for all documents: an option that would help one of them. */
    private void printAdvice(List<IndexReport.Failure> failures) {
        failures.stream().map(failure -> InputAdvice.of(failure.reason().orElse(null), failure.problem()))
                .filter(advice -> !advice.isEmpty()).findFirst()
                .ifPresent(advice -> context.printMessage("documents failed" + advice));
    }

    private static String advice(InputException e) {
        return InputAdvice.of(e.reason(), e.getMessage());
    }

    /** A query with its matches, or with the reason why it could not be embedded. */
    private record Answer(SearchQuery query, List<Match> matches, String error) {}

    private SearchTableWriter table(Optional<TerminalImages> terminal, DocumentFiles files) {
        if (terminal.isEmpty()) return new SearchTableWriter(context.columns());
        Thumbnails thumbnails = new Thumbnails(TERMINAL_SIDE, Options.DEFAULT_MAX_PIXELS);
        return new SearchTableWriter(context.columns(), match -> {
            Path file = match.document().kind() == Document.Kind.TEXT ? null : files.fileOf(match);
            return file == null ? "" : thumbnails.of(file).map(terminal.get()::show).orElse("");
        });
    }

    private static String page(List<Answer> answers, DocumentFiles files) {
        SearchPage page = new SearchPage(new Thumbnails(PAGE_SIDE, Options.DEFAULT_MAX_PIXELS), files::fileOf);
        for (Answer answer : answers) {
            if (answer.error() != null) page.addFailure(answer.query(), answer.error());
            else page.addMatches(answer.query(), answer.matches());
        }
        return page.html();
    }

    /** The queries with the prompt that the model names. */
    private List<SearchQuery> prompted(List<SearchQuery> queries, EmbeddingModel model) {
        UnaryOperator<Input> prompt = promptName.prompt(model);
        return queries.stream().map(query -> new SearchQuery(query.label(), query.isImage(), prompt.apply(query.input()))).toList();
    }

    private List<List<Match>> search(SearchIndex target, Path file, List<Embedding> queries, EmbeddingModel model) {
        int candidates = rescore != null ? rescore : (int) Math.min((long) RESCORE_FACTOR * top, Integer.MAX_VALUE);
        if (searchEngine == SearchEngine.lucene) {
            int wanted = rescore != null ? rescore : Math.max(candidates, MIN_CANDIDATES);
            try (LuceneCandidates lucene = LuceneCandidates.open(file, target, model, context, common.quiet())) {
                return queries.stream().map(query -> target.searchRows(query, lucene.rows(query, wanted), top)).toList();
            } catch (NoClassDefFoundError e) {
                throw new UsageException(
                        "--engine lucene needs the flag --add-modules dev.mme5.lucene, which the launcher gives (" + e + ")");
            }
        }
        if (rank == Rank.exact) return target.searchAll(queries, top);
        return target.searchBySigns(queries, top, candidates);
    }

    /** What is wrong, without the name of the query, which stands before it. */
    private String problem(SearchQuery query, InputException e) {
        String name = query.isImage() ? context.folder().resolve(query.label()) + ": " : "";
        return e.getMessage().startsWith(name) ? e.getMessage().substring(name.length()) : e.getMessage();
    }

    private List<Answer> answers(List<SearchQuery> queries, SearchIndex target, Path file, EmbeddingModel model) {
        List<EmbeddingResult> results = model.tryEmbedAll(queries.stream().map(SearchQuery::input).toList(), ProgressListener.NONE);
        List<Embedding> embedded = results.stream().filter(result -> !result.failed()).map(EmbeddingResult::embedding).toList();
        long truncated = embedded.stream().filter(Embedding::truncated).count();
        if (truncated > 0 && !common.quiet()) {
            context.printMessage(
                    "%s cut off at %s".formatted(Plural.of(truncated, "query", "queries"), Plural.of(model.maxTokens(), "token")));
        }
        List<List<Match>> matches = new ArrayList<>(search(target, file, embedded, model));
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < queries.size(); i++) {
            EmbeddingResult result = results.get(i);
            String error = result.failed() ? problem(queries.get(i), result.error()) : null;
            if (result.failed()) context.printMessage(queries.get(i).label() + ": " + error + advice(result.error()));
            answers.add(result.failed()
                    ? new Answer(queries.get(i), List.of(), error)
                    : new Answer(queries.get(i), matches.removeFirst(), null));
        }
        return answers;
    }
}
