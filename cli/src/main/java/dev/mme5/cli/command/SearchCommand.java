package dev.mme5.cli.command;

import dev.mme5.cli.Main;
import dev.mme5.cli.input.DocumentCollection;
import dev.mme5.cli.input.SearchQuery;
import dev.mme5.cli.input.UpdatedIndex;
import dev.mme5.cli.option.CommandContext;
import dev.mme5.cli.option.CommonOptions;
import dev.mme5.cli.option.EngineOptions;
import dev.mme5.cli.option.SearchQueryOptions;
import dev.mme5.cli.output.AtomicOutput;
import dev.mme5.cli.output.SearchJsonlWriter;
import dev.mme5.cli.output.SearchTableWriter;
import dev.mme5.cli.output.SearchWriter;
import dev.mme5.engine.Embedding;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.EmbeddingResult;
import dev.mme5.engine.ProgressListener;
import dev.mme5.search.Match;
import dev.mme5.search.SearchIndex;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mme5 search}: the documents that answer a text or a picture best. */
@Command(
        name = "search",
        description = "Finds pictures and texts by meaning, in any language the model knows.",
        footer = {
            "",
            "The first search in a folder embeds what is in it and keeps the vectors in an index file; later ones embed only "
                    + "what has changed.",
            "Examples:",
            "  mme5 search --in models/mini/gallery \"red apple\" \"rote Katze\" \"飛行機\"",
            "  mme5 search --in photos --image holiday.jpg --top 5",
            "  mme5 search --in photos --instruction 'Find me an everyday image that matches the given caption: {}.\\n' \"a cat\""
        })
public final class SearchCommand implements Callable<Integer> {
    /** Of each query's nearest by signs, so many times {@code --top} are compared exactly. */
    private static final int RESCORED = 10;

    public enum Format { table, jsonl }

    enum Rank { exact, binary }

    private final CommandContext console;
    private final int columns;

    @Mixin
    private CommonOptions common;

    @Mixin
    private EngineOptions engine;

    @Mixin
    private SearchQueryOptions queryOptions;

    @Option(
            names = "--in",
            paramLabel = "FOLDER|FILE.jsonl",
            required = true,
            description = "What to search: the pictures and .txt files of a folder, or the inputs of a file as for embed --input.")
    private Path in;

    @Option(names = "--top", paramLabel = "K", description = "How many matches to show for each query; default: 10.")
    private int top = 10;

    @Option(
            names = "--index",
            paramLabel = "FILE",
            description = "The index file; default: .mme5-index.safetensors in FOLDER, or FILE.jsonl.mme5-index.safetensors.")
    private Path index;

    @Option(
            names = "--rank",
            paramLabel = "KIND",
            description = "exact (default): compare every vector; binary: first by signs, which reads a thirty-second of the bytes.")
    private Rank rank = Rank.exact;

    @Option(
            names = "--rescore",
            paramLabel = "N",
            description = "With --rank binary: how many are then compared exactly; default: ten times --top.")
    private Integer rescore;

    @Option(names = "--rebuild", description = "Embed everything anew, whatever index there is.")
    private boolean rebuild;

    @Option(names = "--output", paramLabel = "FILE", description = "Where results go; default: stdout.")
    private String output;

    @Option(names = "--format", paramLabel = "FORMAT", description = "table (default) or jsonl.")
    private Format format = Format.table;

    /** @param columns width of the terminal that stdout is, or 0 when it is none or nobody knows */
    public SearchCommand(CommandContext console, int columns) {
        this.console = console;
        this.columns = columns;
    }

    @Override
    public Integer call() throws IOException {
        if (top < 1) throw common.wrongUse("--top is " + top + ", expected at least 1");
        if (rescore != null && rank == Rank.exact) throw common.wrongUse("--rescore is for --rank binary");
        if (rescore != null && rescore < top) throw common.wrongUse("--rescore is " + rescore + ", expected at least --top, " + top);
        List<SearchQuery> queries = queryOptions.queries(console);
        DocumentCollection documents = DocumentCollection.from(in, console);
        Path file = index == null ? documents.defaultIndex() : console.folder().resolve(index);
        try (AtomicOutput out = AtomicOutput.open(output, false, console);
                EmbeddingModel model = common.open(console, engine.options(common));
                UpdatedIndex indexing = UpdatedIndex.run(documents, file, rebuild, model, console, common.quiet())) {
            boolean failed = answer(queries, indexing.index(), model, out);
            out.commit();
            return failed || indexing.anyFailed() ? Main.SOME_FAILED : Main.DONE;
        }
    }

    private List<List<Match>> search(SearchIndex searched, List<Embedding> queries) {
        if (rank == Rank.exact) return searched.searchAll(queries, top);
        int candidates = rescore != null ? rescore : (int) Math.min((long) RESCORED * top, Integer.MAX_VALUE);
        return searched.searchBySigns(queries, top, candidates);
    }

    /** Whether a query failed. */
    private boolean answer(List<SearchQuery> queries, SearchIndex searched, EmbeddingModel model, AtomicOutput out) throws IOException {
        List<EmbeddingResult> results = model.tryEmbedAll(queries.stream().map(SearchQuery::input).toList(), ProgressListener.NONE);
        List<Embedding> embedded = results.stream().filter(result -> !result.failed()).map(EmbeddingResult::embedding).toList();
        List<List<Match>> matches = new ArrayList<>(search(searched, embedded));
        SearchWriter writer = format == Format.table ? new SearchTableWriter(columns) : new SearchJsonlWriter();
        boolean failed = false;
        for (int i = 0; i < queries.size(); i++) {
            EmbeddingResult result = results.get(i);
            if (result.failed()) {
                failed = true;
                console.say(queries.get(i).shown() + ": " + result.error().getMessage());
            }
            String text = result.failed()
                    ? writer.failed(queries.get(i), result.error().getMessage())
                    : writer.answered(queries.get(i), matches.removeFirst());
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return failed;
    }
}
