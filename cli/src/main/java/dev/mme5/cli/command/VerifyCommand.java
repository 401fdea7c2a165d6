package dev.mme5.cli.command;

import dev.mme5.cli.Main;
import dev.mme5.cli.evaluation.GoldenCheck;
import dev.mme5.cli.evaluation.PaperExample;
import dev.mme5.cli.option.CommandContext;
import dev.mme5.cli.option.CommonOptions;
import dev.mme5.cli.option.UsageException;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Options;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mme5 verify}: whether this machine computes what the reference does. */
@Command(
        name = "verify",
        description = "Compares what is computed here with what was computed by the reference implementation.",
        footer = {
            "",
            "If the model folder has a goldens.jsonl, every number of its embeddings must be within 1e-5. With --image, the four",
            "similarities published for mmE5-mllama-11b-instruct and that picture must be within 0.01.",
            "Exit status: 0 when all agree, 1 when something differs, 2 when nothing could be compared."
        })
public final class VerifyCommand implements Callable<Integer> {
    private final CommandContext console;

    @Mixin
    private CommonOptions common;

    @Option(
            names = "--image",
            paramLabel = "FILE",
            description = "The example picture of the mmE5 paper's repository, figures/example.jpg.")
    private Path image;

    public VerifyCommand(CommandContext console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        Path folder = common.model(console);
        Path goldens = folder.resolve(GoldenCheck.FILE);
        boolean hasGoldens = Files.exists(goldens);
        if (!hasGoldens && image == null && Files.isDirectory(folder)) {
            throw new UsageException("nothing to verify: %s has no %s, and no --image is given".formatted(folder, GoldenCheck.FILE));
        }
        PaperExample example = image == null ? null : PaperExample.of(console.folder().resolve(image), image.toString());

        boolean agrees = true;
        try (EmbeddingModel model = common.open(console, Options.defaults().withThreads(common.threads()))) {
            print(model.name() + ", " + model.kernels() + "\n");
            if (hasGoldens) agrees &= report(new GoldenCheck(goldens).compare(model, console, common.quiet()));
            if (example != null) agrees &= report(example.compare(model));
        }
        return agrees ? Main.DONE : Main.SOME_FAILED;
    }

    /**
     * What a comparison came to.
     *
     * @param text some lines
     */
    public record Outcome(boolean agrees, String text) {}

    private boolean report(Outcome outcome) throws IOException {
        print(outcome.text());
        return outcome.agrees();
    }

    private void print(String text) throws IOException {
        console.out().write(text.getBytes(StandardCharsets.UTF_8));
        console.out().flush();
    }
}
