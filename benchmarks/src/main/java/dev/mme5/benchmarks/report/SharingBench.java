package dev.mme5.benchmarks.report;

import dev.mme5.benchmarks.checkpoint.BenchmarkModel;
import dev.mme5.benchmarks.probe.InterleavedRounds;
import dev.mme5.benchmarks.subject.OneTokenWords;
import dev.mme5.engine.Embedding;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import dev.mme5.engine.Options;
import dev.mme5.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What equal beginnings save, measured in turns: 32 texts of 20 tokens with the first 12 equal beside 32 without equal words, in one call;
 * and one text whose first 12 tokens are cached beside the same without a cache.
 */
@Command(
        name = "sharing",
        mixinStandardHelpOptions = true,
        description = "Measures what equal beginnings save: in a call, and from call to call.")
public final class SharingBench implements Callable<Integer> {
    private static final int TEXTS = 32;
    private static final int TOKENS = 20;
    private static final int SHARED = 12;
    private static final int MIN_WARM_UP = 4;

    /** With few layers, small operations go to the vector kernels after some dozen texts only. */
    private static final int MAX_WARM_UP = 60;

    private static final double WARM_UP_SECONDS = 20;

    private final PrintStream out;

    @Option(names = "--model", paramLabel = "DIR", description = "model folder; default: a synthetic one of 3.7 GB in benchmarks/target")
    private Path folder;

    @Option(names = "--threads", paramLabel = "N", description = "threads that compute; default: all processors")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "9", description = "turns of each; default: ${DEFAULT-VALUE}")
    private int rounds;

    @Option(names = "--one-text", description = "only the text whose beginning is cached: at the real size the batch takes minutes")
    private boolean oneText;

    @Option(names = "--tree", hidden = true, defaultValue = "${sys:mme5.tree:-.}", description = "root of the source tree")
    private Path tree;

    private OneTokenWords words;
    private int nextWord;
    private boolean warm;

    public SharingBench(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws IOException {
        Path model = folder == null ? BenchmarkModel.folder(tree) : folder;
        words = new OneTokenWords(Tokenizer.open(model));
        Options options = Options.defaults().withThreads(threads);
        try (EmbeddingModel cached = EmbeddingModel.open(model, options);
                EmbeddingModel plain = EmbeddingModel.open(model, options.withPrefixCacheBytes(0))) {
            String beginning = words.beginning(SHARED);
            if (!oneText) {
                compare("%d texts of %d tokens, the first %d equal".formatted(TEXTS, TOKENS, SHARED),
                        () -> seconds(plain, texts(beginning), (TEXTS - 1) * SHARED), () -> seconds(plain, texts(""), 0));
            }
            compare("1 text of %d tokens, the first %d cached".formatted(TOKENS, SHARED),
                    () -> seconds(cached, List.of(text(beginning)), SHARED), () -> seconds(plain, List.of(text(beginning)), 0));
        }
        return 0;
    }

    private List<Input> texts(String beginning) {
        return IntStream.range(0, TEXTS).mapToObj(i -> text(beginning)).toList();
    }

    /** A text whose own words begin with another word than those of the texts before. */
    private Input text(String beginning) {
        return words.text(beginning, nextWord++, TOKENS);
    }

    /** @param minShared tokens that are not computed */
    private double seconds(EmbeddingModel model, List<Input> inputs, int minShared) {
        long start = System.nanoTime();
        List<Embedding> embeddings = model.embedAll(inputs);
        double seconds = (System.nanoTime() - start) / 1e9;
        int shared = embeddings.stream().mapToInt(Embedding::sharedTokens).sum();
        if (warm && shared < minShared) throw new IllegalStateException("only " + shared + " tokens were shared");
        return seconds;
    }

    @FunctionalInterface
    private interface Turn {
        double seconds();
    }

    private void compare(String what, Turn shared, Turn all) {
        warm = false;
        double spent = 0;
        for (int i = 0; i < MIN_WARM_UP || i < MAX_WARM_UP && spent < WARM_UP_SECONDS; i++) { // compiles, and fills the cache
            spent += shared.seconds() + all.seconds();
        }
        warm = true;
        double[] ours = new double[rounds];
        double[] other = new double[rounds];
        double[] ratios = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            ours[i] = shared.seconds();
            other[i] = all.seconds();
            ratios[i] = other[i] / ours[i];
        }
        out.printf(Locale.ROOT, "%-48s %8.1f ms, else %8.1f ms: %.2f times%n", what, 1e3 * InterleavedRounds.median(ours),
                1e3 * InterleavedRounds.median(other), InterleavedRounds.median(ratios));
    }
}
