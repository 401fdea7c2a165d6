package dev.mme5.cli.option;

import dev.mme5.cli.terminal.ProgressLine;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Options;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of every command. A command that has no use for one accepts it all the same. */
public final class CommonOptions {
    /** More than any machine has processors; each thread takes memory of its own. */
    private static final int MAX_THREADS = 1024;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--model", paramLabel = "DIR", description = "Model folder. Default: MME5_MODEL, else models/mini.")
    private Path model;

    @Option(names = "--threads", paramLabel = "N", description = "Threads that compute. Default: all processors.")
    private Integer threads;

    @Option(names = "--quiet", description = "No progress and no remarks on stderr, errors only.")
    private boolean quiet;

    @Option(names = "--verify", description = "First compare the weights with their recorded SHA-256: SHA256SUMS, or a download's own.")
    private boolean verify;

    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    private boolean help;

    /** Wrong use of the command, to be thrown. */
    public ParameterException wrongUse(String problem) {
        return new ParameterException(command.commandLine(), problem);
    }

    public Path model(CommandContext console) {
        return console.folder().resolve(model == null ? console.defaultModel() : model);
    }

    /** Opens the model; if asked for, its weights are verified first, and a person sees how far that is. */
    public EmbeddingModel open(CommandContext console, Options options) {
        ProgressLine progress = new ProgressLine(console, quiet, "MB verified");
        try {
            return EmbeddingModel.open(model(console), options.withVerify(verify),
                    (done, total) -> progress.update(done, (double) done / Math.max(1, total)));
        } finally {
            progress.erase();
        }
    }

    public int threads() {
        if (threads == null) return Runtime.getRuntime().availableProcessors();
        if (threads < 1) throw wrongUse("--threads is " + threads + ", expected at least 1");
        if (threads > MAX_THREADS) throw wrongUse("--threads is " + threads + ", expected at most " + MAX_THREADS);
        return threads;
    }

    public boolean quiet() {
        return quiet;
    }
}
