package dev.mme5.cli.command;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.ExitStatus;
import dev.mme5.cli.context.OptionException;
import dev.mme5.cli.context.Plural;
import dev.mme5.cli.context.UsageException;
import dev.mme5.cli.input.InputRecord;
import dev.mme5.cli.input.InputRecords;
import dev.mme5.cli.option.CommonOptions;
import dev.mme5.cli.option.EngineOptions;
import dev.mme5.cli.option.OutputOptions;
import dev.mme5.cli.output.AtomicOutput;
import dev.mme5.cli.output.RunFiles;
import dev.mme5.engine.Embedding;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.InputException;
import dev.mme5.engine.ModelTools;
import dev.mme5.engine.Options;
import dev.mme5.weights.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mme5 trace}: every stage of one input, for comparison with the reference. */
@Command(
        name = "trace",
        description = "Writes the output of every stage for the first input of a file, as a safetensors file of float32 tensors.")
public final class TraceCommand implements Callable<Integer> {
    private static final String EMBEDDING = "embedding";

    private final CommandContext context;

    @Mixin
    private CommonOptions common;

    @Mixin
    private EngineOptions engine;

    @Option(names = "--input", required = true, paramLabel = "FILE", description = "Inputs as JSON lines, - for stdin; the first is used.")
    private String input;

    @Option(names = "--output", required = true, paramLabel = "FILE", description = "The safetensors file to write.")
    private String output;

    public TraceCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        if (output.equals("-")) throw new OptionException("--output is -, expected a file");
        OutputOptions.requireSuffix(output, "safetensors");
        Options options = engine.options(common);
        Path target = AtomicOutput.target(output, context);
        if (Files.exists(target) && !Files.isRegularFile(target)) throw new UsageException(output + ": is no regular file");
        RunFiles files = new RunFiles(context).reads("--input", input).readsModel(common.model(context)).writes("--output", output);
        files.check();
        InputRecord record = firstRecord(files);
        if (record.failed()) return fail(record, record.error());

        SafetensorsWriter tensors = new SafetensorsWriter();
        Set<String> names = new HashSet<>();
        try (EmbeddingModel model = engine.open(common, options, context)) {
            Embedding embedding = ModelTools.of(model).trace(record.input(), (name, shape, values) -> {
                names.add(name);
                tensors.add(name, values, shape);
            });
            if (names.add(EMBEDDING)) tensors.add(EMBEDDING, embedding.values(), embedding.dimensions());
        } catch (InputException e) {
            return fail(record, e.getMessage());
        }
        tensors.write(target);
        if (!common.quiet()) context.printMessage(Plural.of(names.size(), "tensor") + " written to " + output);
        return ExitStatus.DONE;
    }

    private InputRecord firstRecord(RunFiles files) throws IOException {
        try (InputRecords records = InputRecords.open(List.of(), input, true, files::checkedImage, context)) {
            List<InputRecord> first = records.next(1);
            if (first.isEmpty()) throw new UsageException(input + ": holds no input");
            return first.getFirst();
        }
    }

    private int fail(InputRecord record, String error) {
        context.printMessage(InputRecord.plain(record.id()) + ": " + error);
        return ExitStatus.SOME_FAILED;
    }
}
