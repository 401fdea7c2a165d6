package dev.mme5.cli.command;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.ExitStatus;
import dev.mme5.cli.context.OptionException;
import dev.mme5.cli.context.Plural;
import dev.mme5.cli.input.InputRecords;
import dev.mme5.cli.option.CommonOptions;
import dev.mme5.cli.option.EngineOptions;
import dev.mme5.cli.option.InputOptions;
import dev.mme5.cli.option.OutputOptions;
import dev.mme5.cli.option.PrecisionOptions;
import dev.mme5.cli.option.PromptNameOptions;
import dev.mme5.cli.option.StatisticsOptions;
import dev.mme5.cli.output.AtomicOutput;
import dev.mme5.cli.output.CsvWriter;
import dev.mme5.cli.output.JsonlWriter;
import dev.mme5.cli.output.NpyWriter;
import dev.mme5.cli.output.PatchableOutput;
import dev.mme5.cli.output.ResultWriter;
import dev.mme5.cli.output.RunFiles;
import dev.mme5.cli.resume.ResumableRun;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Options;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mme5 embed}: inputs to vectors. */
@Command(
        name = "embed",
        description = "Embeds texts and images: one vector for each.",
        footer = {
            "",
            "A result is {\"id\":..,\"tokens\":n,\"truncated\":false,\"embedding\":[..]}, a failed input {\"id\":..,\"error\":\"..\"}."
        })
public final class EmbedCommand implements Callable<Integer> {
    /** The values of {@code --format}. */
    public enum Format { jsonl, npy, csv }

    private static final Map<String, Format> BY_SUFFIX =
            Map.of("jsonl", Format.jsonl, "json", Format.jsonl, "ndjson", Format.jsonl, "npy", Format.npy, "csv", Format.csv);

    private final CommandContext context;

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Mixin
    private InputOptions inputs = new InputOptions();

    @Mixin
    private EngineOptions engine = new EngineOptions();

    @Mixin
    private PromptNameOptions promptName = new PromptNameOptions();

    @Mixin
    private PrecisionOptions precision = new PrecisionOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Mixin
    private StatisticsOptions statistics = new StatisticsOptions();

    @Option(names = "--format", paramLabel = "FORMAT",
            description = "jsonl, npy or csv. Default: by the suffix of --output, else jsonl. In npy and csv a failed input is a row of "
                    + "NaN, in npy of integers a row of 0.")
    private Format explicitFormat;

    private Format format;

    @Option(
            names = "--resume",
            description = "Continue where an earlier run of this command ended. Results are added to --output as they are ready.")
    private boolean resume;

    @Option(names = "--refuse-long", description = "Fail an input with too many tokens. Default: cut off its end.")
    private boolean refuseLong;

    public EmbedCommand(CommandContext context) {
        this.context = context;
    }

    /** With texts and the commonest options only, for which picocli is not needed. */
    public EmbedCommand(CommandContext context, CommonOptions common, PromptNameOptions promptName, InputOptions inputs) {
        this.context = context;
        this.common = common;
        this.promptName = promptName;
        this.inputs = inputs;
    }

    @Override
    public Integer call() throws IOException {
        Options options = engine.options(common).withRefuseTooLong(refuseLong);
        precision.check();
        format = output.format(explicitFormat, Format.jsonl, BY_SUFFIX);
        if (resume) checkResumable();
        UnaryOperator<Path> pathCheck = output.isStdout() ? UnaryOperator.identity() : checkedFiles()::checkedImage;
        try (InputRecords records = inputs.open(context, pathCheck)) {
            EmbedRun run = new EmbedRun(records, context, common.quiet(), format != Format.jsonl);
            if (resume) continueRun(records, options, run);
            else startRun(options, run);
            printRemarks(run);
            return ExitStatus.failedIf(run.failures() > 0);
        }
    }

    private RunFiles checkedFiles() throws IOException {
        RunFiles files = new RunFiles(context).reads("--calibration", precision.calibration()).writes("--output", output.file());
        if (!resume) files.reads("--input", inputs.file()).readsModel(common.model(context)); // a resumed run has checks of its own
        files.check();
        files.check("an image", inputs.imageFiles(context));
        return files;
    }

    private void checkResumable() {
        if (output.isStdout()) throw new OptionException("--resume needs --output FILE");
        if (inputs.file() == null || inputs.onCommandLine()) throw new OptionException("--resume is for the lines of --input alone");
        if (precision.needsAllVectors()) throw new OptionException("--resume with --precision int8 needs --calibration");
    }

    private void startRun(Options options, EmbedRun run) throws IOException {
        try (AtomicOutput out = output.open(context, format == Format.npy); EmbeddingModel model = engine.open(common, options, context)) {
            int dimensions = precision.dimensions(model, common, context);
            try (ResultWriter writer = precision.wrap(writer(out, dimensions, false, 0), dimensions, common, context)) {
                run.embedAll(model, promptName.prompt(model), writer, out::flush);
                writer.finish();
            }
            out.commit();
        }
    }

    private void continueRun(InputRecords records, Options options, EmbedRun run) throws IOException {
        Path target = AtomicOutput.target(output.file(), context);
        if (inputs.file().equals("-")) ResumableRun.checkStdin(target);
        else ResumableRun.checkInput(target, context.folder().resolve(inputs.file()), inputs.file());
        try (EmbeddingModel model = engine.open(common, options, context);
                ResumableRun resumable =
                        ResumableRun.open(target, settings(model), format == Format.npy ? NpyWriter.HEADER_BYTES : 0)) {
            resumable.skipDone(records, inputs.file());
            run.continueAfter(resumable.start().inputs(), resumable.start().failures());
            if (run.count() > 0 && !common.quiet()) {
                context.printMessage(output.file() + " has the results of " + Plural.of(run.count(), "input") + ", going on");
            }

            int dimensions = precision.dimensions(model, common, context);
            boolean hasResults = resumable.start().outputBytes() > 0;
            ResultWriter floatWriter = writer(resumable.output(), dimensions, hasResults, run.count());
            try (ResultWriter writer = precision.wrap(floatWriter, dimensions, common, context)) {
                if (hasResults) writer.finish();   // the header may count rows after the last resume point
                run.embedAll(model, promptName.prompt(model), writer, () -> {
                    writer.finish();
                    resumable.addPoint(records, run.count(), run.failures());
                });
                writer.finish();
                resumable.end(records, run.count(), run.failures());
            }
        }
    }

    /** What must be the same in all runs that write one output. The content of images is not compared. */
    private Map<String, String> settings(EmbeddingModel model) throws IOException {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("--format", format.name());
        settings.putAll(precision.settings(model, context));
        settings.put("--max-tokens", Integer.toString(model.maxTokens()));
        settings.put("--prompt-name", promptName.setting());
        settings.put("--refuse-long", Boolean.toString(refuseLong));
        settings.putAll(engine.settings());
        if (inputs.plain()) settings.put("--no-special", "true");
        if (promptName.isGiven()) settings.put(ResumableRun.PROMPT, promptName.text(model));   // the name may stand for another one later
        settings.put("kernels", model.kernelChoice().name().toLowerCase(Locale.ROOT));
        settings.put("a model whose fingerprint is", model.fingerprint());
        return settings;
    }

    /**
     * @param hasHeader whether the output has results of an earlier run
     * @param rows number of these results
     */
    private ResultWriter writer(PatchableOutput out, int dimensions, boolean hasHeader, long rows) throws IOException {
        int numbers = precision.precision().numbers(dimensions);
        return switch (format) {
            case jsonl -> new JsonlWriter(out);
            case csv -> new CsvWriter(out, numbers, hasHeader);
            case npy -> new NpyWriter(out, precision.precision(), numbers, hasHeader, rows);
        };
    }

    private void printRemarks(EmbedRun run) {
        boolean isWatched = context.terminal() && !common.quiet();
        if (run.failures() > 0 && !common.quiet()) {
            context.printMessage(run.failures() + " of " + Plural.of(run.count(), "input") + " failed" + run.advice());
        }
        statistics.print(run.statistics(), run.seconds(), isWatched && run.statistics().inputs() > 1, context);
        if (isWatched && run.similarity() != null) context.err().println(String.format(Locale.ROOT, "similarity %.4f", run.similarity()));
        context.err().flush();
    }
}
