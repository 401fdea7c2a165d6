package dev.mme5.cli.option;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.OptionException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options of every command. A command without use for one accepts it all the same, so that scripts can pass it everywhere. */
public final class CommonOptions {
    /** More than the processors of any machine. Each thread takes memory. */
    private static final int MAX_THREADS = 1024;

    @Option(names = "--model", paramLabel = "DIR", description = "Model folder. Default: MME5_MODEL, else models/mini.")
    private Path model;

    @Option(names = "--threads", paramLabel = "N", description = "Number of threads that compute. Default: all processors.")
    private Integer threads;

    @Option(names = "--quiet", description = "Only errors on stderr: no progress, no remarks.")
    private boolean quiet;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    private boolean help;

    /** The model folder. */
    public Path model(CommandContext context) {
        return context.folder().resolve(model == null ? context.defaultModel() : model);
    }

    /** Number of threads. A command that needs one thread calls this too, so that a wrong value is refused everywhere. */
    public int threads() {
        if (threads == null) return Runtime.getRuntime().availableProcessors();
        OptionException.requireAtLeast(1, "--threads", threads);
        if (threads > MAX_THREADS) throw new OptionException("--threads is " + threads + ", expected at most " + MAX_THREADS);
        return threads;
    }

    public boolean quiet() {
        return quiet;
    }
}
