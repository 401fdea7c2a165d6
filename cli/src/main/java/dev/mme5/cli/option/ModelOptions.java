package dev.mme5.cli.option;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.terminal.ProgressLine;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Options;
import picocli.CommandLine.Option;

/** The options of a command that opens a model. */
public final class ModelOptions {
    @Option(names = "--verify", description = "First compare the weights with their recorded SHA-256: SHA256SUMS, or a download's own.")
    private boolean verify;

    /** Opens the model. With {@code --verify}, its weights are verified first, with a progress line. */
    public EmbeddingModel open(CommonOptions common, Options options, CommandContext context) {
        ProgressLine progress = new ProgressLine(context, common.quiet(), "MB verified");
        try {
            return EmbeddingModel.open(common.model(context), options.withVerify(verify),
                    (done, total) -> progress.update(done, (double) done / Math.max(1, total)));
        } finally {
            progress.erase();
        }
    }
}
