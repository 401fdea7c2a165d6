package dev.mme5.cli.option;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.OptionException;
import dev.mme5.cli.terminal.ProgressLine;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Options;
import picocli.CommandLine.Option;

/** The options of a command that opens a model. */
public final class ModelOptions {
    private static final String PREFIX_CACHE = "--prefix-cache";
    private static final long MB = 1 << 20;

    @Option(names = "--verify", description = "First compare the weights with their recorded SHA-256: SHA256SUMS, or a download's own.")
    private boolean verify;

    @Option(names = PREFIX_CACHE, paramLabel = "MB",
            description = "Heap for keys and values of beginnings of texts that come again; 0 for none. Default: a sixteenth of the heap.")
    private Long prefixCache;

    /** How the model is opened. */
    public Options options(CommonOptions common) {
        Options options = Options.defaults().withThreads(common.threads()).withVerify(verify);
        return prefixCache == null ? options : options.withPrefixCacheBytes(prefixCacheBytes());
    }

    private long prefixCacheBytes() {
        OptionException.requireAtLeast(0, PREFIX_CACHE, prefixCache);
        long heap = Runtime.getRuntime().maxMemory() / MB;
        if (prefixCache > heap) {
            throw new OptionException(
                    "%s is %d, the JVM has %d MB of heap (raise it with -Xmx)".formatted(PREFIX_CACHE, prefixCache, heap));
        }
        return prefixCache * MB;
    }

    /** Opens the model. With {@code --verify}, its weights are verified first, with a progress line. */
    public EmbeddingModel open(CommonOptions common, Options options, CommandContext context) {
        ProgressLine progress = new ProgressLine(context, common.quiet(), "MB verified");
        try {
            return EmbeddingModel.open(common.model(context), options,
                    (done, total) -> progress.update(done, (double) done / Math.max(1, total)));
        } finally {
            progress.erase();
        }
    }
}
