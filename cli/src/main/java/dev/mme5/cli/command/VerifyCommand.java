package dev.mme5.cli.command;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.ExitStatus;
import dev.mme5.cli.context.UsageException;
import dev.mme5.cli.option.CommonOptions;
import dev.mme5.cli.option.ModelOptions;
import dev.mme5.cli.verification.CheckResult;
import dev.mme5.cli.verification.GoldenCheck;
import dev.mme5.cli.verification.PaperExample;
import dev.mme5.engine.EmbeddingModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mme5 verify}: whether this machine computes what the reference computes. */
@Command(
        name = "verify",
        description = "Compares embeddings computed here with those of the reference implementation.",
        footer = {
            "",
            "If the model folder has a goldens.jsonl, every number of its embeddings must be within 1e-5. With --image, the four",
            "similarities published for mmE5-mllama-11b-instruct and that image must be within 0.01.",
            "Exit status: 0 when all agree, 1 when something differs, 2 when nothing could be compared."
        })
public final class VerifyCommand implements Callable<Integer> {
    private final CommandContext context;

    @Mixin
    private CommonOptions common;

    @Mixin
    private ModelOptions modelOptions;

    @Option(
            names = "--image",
            paramLabel = "FILE",
            description = "The example image of the mmE5 paper's repository, figures/example.jpg.")
    private Path image;

    public VerifyCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        Path folder = common.model(context);
        Path goldens = folder.resolve(GoldenCheck.FILE);
        boolean hasGoldens = Files.exists(goldens);
        if (!hasGoldens && image == null && Files.isDirectory(folder)) {
            throw new UsageException("nothing to verify: %s has no %s, and no --image is given".formatted(folder, GoldenCheck.FILE));
        }
        PaperExample example = image == null ? null : PaperExample.of(context.folder().resolve(image), image.toString());

        boolean agrees = true;
        try (EmbeddingModel model = modelOptions.open(common, modelOptions.options(common), context)) {
            print(model.name() + ", " + model.kernels() + "\n");
            if (hasGoldens) agrees &= print(new GoldenCheck(goldens).compare(model, context, common.quiet()));
            if (example != null) agrees &= print(example.compare(model));
        }
        return ExitStatus.failedIf(!agrees);
    }

    private boolean print(CheckResult result) throws IOException {
        print(result.report());
        return result.agrees();
    }

    private void print(String text) throws IOException {
        context.out().write(text.getBytes(StandardCharsets.UTF_8));
        context.out().flush();
    }
}
