package dev.mme5.cli.command;

import dev.mme5.cli.Main;
import dev.mme5.cli.input.InputRecord;
import dev.mme5.cli.input.InputRecords;
import dev.mme5.cli.option.CommandContext;
import dev.mme5.cli.option.CommonOptions;
import dev.mme5.cli.option.PromptOptions;
import dev.mme5.cli.option.UsageException;
import dev.mme5.cli.output.AtomicOutput;
import dev.mme5.engine.Embedding;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.InputException;
import dev.mme5.engine.KernelChoice;
import dev.mme5.engine.Options;
import dev.mme5.weights.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mme5 trace}: every stage of one input, for comparing with the reference. */
@Command(
        name = "trace",
        description = "Writes what every stage computes for the first input of a file, as a safetensors file of float32 tensors.")
public final class TraceCommand implements Callable<Integer> {
    private static final String EMBEDDING = "embedding";

    private final CommandContext console;

    @Mixin
    private CommonOptions common;

    @Mixin
    private PromptOptions prompts;

    @Option(names = "--input", required = true, paramLabel = "FILE", description = "Inputs as JSON lines, - for stdin; the first is used.")
    private String input;

    @Option(names = "--output", required = true, paramLabel = "FILE", description = "The safetensors file to write.")
    private String output;

    @Option(names = "--kernels", paramLabel = "KIND", description = "auto (default), vector or scalar.")
    private EmbedCommand.KernelName kernels = EmbedCommand.KernelName.auto;

    @Option(names = "--exif", description = "Turn pictures as their EXIF orientation says; the reference does not.")
    private boolean exif;

    public TraceCommand(CommandContext console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        if (output.equals("-")) throw common.wrongUse("--output is -, expected a file");
        Options options = Options.defaults()
                .withThreads(common.threads())
                .withKernels(KernelChoice.valueOf(kernels.name().toUpperCase(Locale.ROOT)))
                .withMaxTokens(prompts.maxTokens(common, 0))
                .withDropDuplicateBos(prompts.singleBos())
                .withApplyExif(exif);
        Path target = AtomicOutput.target(output, console);
        if (Files.exists(target) && !Files.isRegularFile(target)) throw new UsageException(output + ": is no regular file");
        InputRecord request = firstRequest();
        if (request.failed()) return failed(request, request.error());

        SafetensorsWriter tensors = new SafetensorsWriter();
        Set<String> names = new HashSet<>();
        try (EmbeddingModel model = common.open(console, options)) {
            Embedding embedding = model.trace(request.input(), (name, shape, values) -> {
                names.add(name);
                tensors.add(name, values, shape);
            });
            if (names.add(EMBEDDING)) tensors.add(EMBEDDING, embedding.values(), embedding.dimensions());
        } catch (InputException e) {
            return failed(request, e.getMessage());
        }
        tensors.write(target);
        if (!common.quiet()) console.say(names.size() + " tensors written to " + output);
        return Main.DONE;
    }

    private InputRecord firstRequest() throws IOException {
        try (InputRecords requests = InputRecords.open(List.of(), input, console)) {
            List<InputRecord> first = requests.next(1);
            if (first.isEmpty()) throw new UsageException(input + ": holds no input");
            return first.getFirst();
        }
    }

    private int failed(InputRecord request, String error) {
        console.say(InputRecord.plain(request.id()) + ": " + error);
        return Main.SOME_FAILED;
    }
}
