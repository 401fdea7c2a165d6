package dev.mme5.cli.command;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.ExitStatus;
import dev.mme5.cli.context.OptionException;
import dev.mme5.cli.input.DocumentCollection;
import dev.mme5.cli.input.SearchQuery;
import dev.mme5.cli.input.UpdatedIndex;
import dev.mme5.cli.option.CommonOptions;
import dev.mme5.cli.option.EngineOptions;
import dev.mme5.cli.option.IndexOptions;
import dev.mme5.cli.option.OutputOptions;
import dev.mme5.cli.option.PromptNameOptions;
import dev.mme5.cli.option.SearchQueryOptions;
import dev.mme5.cli.output.AtomicOutput;
import dev.mme5.cli.output.SearchJsonlWriter;
import dev.mme5.cli.output.SearchTableWriter;
import dev.mme5.cli.output.SearchWriter;
import dev.mme5.engine.Embedding;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.EmbeddingResult;
import dev.mme5.engine.Input;
import dev.mme5.engine.ProgressListener;
import dev.mme5.search.Match;
import dev.mme5.search.SearchIndex;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
            "  mme5 search --in models/mini/gallery \"red apple\" \"rote Katze\" \"飛行機\"",
            "  mme5 search --in photos --image holiday.jpg --top 5",
            "  mme5 search --in photos --instruction 'Find me an everyday image that matches the given caption: {}.\\n' \"a cat\""
        })
public final class SearchCommand implements Callable<Integer> {
    /** With {@code --rank binary}, this many times {@code --top} documents are compared exactly. */
    private static final int RESCORE_FACTOR = 10;

    /** The values of {@code --format}. */
    enum Format { table, jsonl }

    /** The values of {@code --rank}. */
    enum Rank { exact, binary }

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
    private OutputOptions output;

    @Option(
            names = "--in",
            paramLabel = "FOLDER|FILE.jsonl",
            required = true,
            description = "What to search: the images and .txt files of a folder, or the inputs of a file as for embed --input.")
    private Path in;

    @Option(names = "--top", paramLabel = "K", description = "Number of matches to show for each query. Default: 10.")
    private int top = 10;

    @Option(
            names = "--rank",
            paramLabel = "KIND",
            description = "exact (default): compare all vectors. binary: first compare signs, which reads 1/32 of the bytes.")
    private Rank rank = Rank.exact;

    @Option(
            names = "--rescore",
            paramLabel = "N",
            description = "With --rank binary: number of documents that are then compared exactly. Default: ten times --top.")
    private Integer rescore;

    @Option(names = "--format", paramLabel = "FORMAT", description = "table (default) or jsonl.")
    private Format format = Format.table;

    public SearchCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        OptionException.requireAtLeast(1, "--top", top);
        if (rescore != null && rank == Rank.exact) throw new OptionException("--rescore is for --rank binary");
        if (rescore != null && rescore < top) throw new OptionException("--rescore is " + rescore + ", expected at least --top, " + top);
        List<SearchQuery> queries = queryOptions.queries(context);
        DocumentCollection documents = DocumentCollection.from(in, context);
        try (AtomicOutput out = output.open(context);
                EmbeddingModel model = engine.open(common, engine.options(common), context);
                UpdatedIndex updated = index.update(documents, model, context, common.quiet())) {
            boolean anyFailed = answer(prompted(queries, model), updated.index(), model, out);
            out.commit();
            return ExitStatus.failedIf(anyFailed || updated.anyFailed());
        }
    }

    /** The queries with the prompt that the model names; documents have none but what stands in them. */
    private List<SearchQuery> prompted(List<SearchQuery> queries, EmbeddingModel model) {
        UnaryOperator<Input> prompt = promptName.prompt(model);
        return queries.stream().map(query -> new SearchQuery(query.label(), query.isImage(), prompt.apply(query.input()))).toList();
    }

    private List<List<Match>> search(SearchIndex target, List<Embedding> queries) {
        if (rank == Rank.exact) return target.searchAll(queries, top);
        int candidates = rescore != null ? rescore : (int) Math.min((long) RESCORE_FACTOR * top, Integer.MAX_VALUE);
        return target.searchBySigns(queries, top, candidates);
    }

    /** Writes the answers. Returns whether a query failed. */
    private boolean answer(List<SearchQuery> queries, SearchIndex target, EmbeddingModel model, AtomicOutput out) throws IOException {
        List<EmbeddingResult> results = model.tryEmbedAll(queries.stream().map(SearchQuery::input).toList(), ProgressListener.NONE);
        List<Embedding> embedded = results.stream().filter(result -> !result.failed()).map(EmbeddingResult::embedding).toList();
        List<List<Match>> matches = new ArrayList<>(search(target, embedded));
        SearchWriter writer = format == Format.table ? new SearchTableWriter(context.columns()) : new SearchJsonlWriter();
        boolean anyFailed = false;
        for (int i = 0; i < queries.size(); i++) {
            EmbeddingResult result = results.get(i);
            if (result.failed()) {
                anyFailed = true;
                context.printMessage(queries.get(i).label() + ": " + result.error().getMessage());
            }
            String text = result.failed()
                    ? writer.formatFailure(queries.get(i), result.error().getMessage())
                    : writer.formatMatches(queries.get(i), matches.removeFirst());
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return anyFailed;
    }
}
