package dev.mme5.benchmarks.callers;

import dev.mme5.benchmarks.checkpoint.BenchmarkModel;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mme5 bench callers}: measures what it costs that callers share a model. Exit status 1 if a promise is broken. */
@Command(
        name = "callers",
        mixinStandardHelpOptions = true,
        description = "Measures many callers of one text each beside one call with all texts, and a lone caller beside the bare pass.")
public final class CallersBench implements Callable<Integer> {
    private enum Part { LONE, SHARED }

    private static final int TOKENS = 20;
    private static final String[] WORDS = {" a", " red", " car", " by", " the", " house"};

    private final PrintStream out;

    @Option(names = "--wide", paramLabel = "DIR",
            description = "model that many callers share; default: the checkpoint of real widths in benchmarks/target, 3.7 GB, written "
                    + "once")
    private Path wide;

    @Option(names = "--model", paramLabel = "DIR", description = "model of the lone caller; default: models/mini")
    private Path model;

    @Option(names = "--threads", paramLabel = "N", description = "threads of the kernels; default: all processors")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "5", description = "of many callers. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--texts", paramLabel = "N", defaultValue = "3000",
            description = "of the lone caller, each way. Default: ${DEFAULT-VALUE}.")
    private int texts;

    @Parameters(description = "lone, shared; default: both")
    private List<Part> parts = List.of(Part.values());

    @Option(names = "--tree", hidden = true, defaultValue = "${sys:mme5.tree:-.}", description = "root of the source tree")
    private Path tree;

    public CallersBench(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws Exception {
        if (rounds < 1 || texts < 1) throw new IllegalArgumentException("--rounds and --texts are at least 1");
        boolean kept = true;
        if (parts.contains(Part.LONE)) {
            kept &= new LoneCaller(model == null ? tree.resolve("models/mini") : model, threads, out).run(texts);
        }
        if (parts.contains(Part.SHARED)) {
            kept &= new SharedPasses(wide == null ? BenchmarkModel.folder(tree) : wide, threads, out).run(rounds);
        }
        return kept ? 0 : 1;
    }

    /** A text of 20 tokens or one more, which shares no beginning with those of other numbers. */
    static String text(int number, ToIntFunction<String> tokens) {
        StringBuilder text = new StringBuilder().append(number);
        for (int i = 0; tokens.applyAsInt(text.toString()) < TOKENS; i++) text.append(WORDS[i % WORDS.length]);
        return text.toString();
    }
}
