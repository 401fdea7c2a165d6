package dev.mme5.cli.command;

import dev.mme5.cli.Main;
import dev.mme5.cli.input.InputRecord;
import dev.mme5.cli.input.InputRecords;
import dev.mme5.cli.option.CommandContext;
import dev.mme5.cli.option.CommonOptions;
import dev.mme5.cli.option.InputOptions;
import dev.mme5.cli.option.PrecisionOptions;
import dev.mme5.cli.option.PromptOptions;
import dev.mme5.cli.output.AtomicOutput;
import dev.mme5.cli.output.CsvWriter;
import dev.mme5.cli.output.JsonlWriter;
import dev.mme5.cli.output.NpyWriter;
import dev.mme5.cli.output.PatchableOutput;
import dev.mme5.cli.output.ResultWriter;
import dev.mme5.cli.resume.ResumableRun;
import dev.mme5.cli.terminal.ProgressLine;
import dev.mme5.engine.Embedding;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.EmbeddingResult;
import dev.mme5.engine.Input;
import dev.mme5.engine.KernelChoice;
import dev.mme5.engine.Options;
import dev.mme5.engine.ProgressListener;
import dev.mme5.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mme5 embed}: inputs to unit vectors. */
@Command(
        name = "embed",
        description = "Embeds texts and pictures: one unit vector for each.",
        footer = {
            "",
            "A result is {\"id\":..,\"tokens\":n,\"truncated\":false,\"embedding\":[..]}, a failed input {\"id\":..,\"error\":\"..\"}."
        })
public final class EmbedCommand implements Callable<Integer> {
    private static final int MAX_CHUNK = 256;

    /** Results come out at least about this often, if a single input does not take longer. */
    private static final double SECONDS_PER_CHUNK = 2;

    public enum Format { jsonl, npy, csv }

    enum KernelName { auto, vector, scalar }

    private final CommandContext console;

    @Mixin
    private CommonOptions common;

    @Mixin
    private InputOptions inputs;

    @Mixin
    private PromptOptions prompts;

    @Mixin
    private PrecisionOptions form;

    @Option(names = "--output", paramLabel = "FILE", description = "Where results go; default: stdout.")
    private String output;

    @Option(names = "--format", paramLabel = "FORMAT",
            description = "jsonl (default), npy or csv; failed inputs are NaN in the last two, 0 in an npy of integers.")
    private Format format = Format.jsonl;

    @Option(
            names = "--resume",
            description = "Go on where an earlier run of this command ended: results are added to --output as they are ready.")
    private boolean resume;

    @Option(names = "--refuse-long", description = "An input with too many tokens fails; default: its end is cut off.")
    private boolean refuseLong;

    @Option(names = "--kernels", paramLabel = "KIND", description = "auto (default), vector or scalar.")
    private KernelName kernels = KernelName.auto;

    @Option(names = "--exif", description = "Turn pictures as their EXIF orientation says; the reference does not.")
    private boolean exif;

    @Option(names = "--max-pixels", paramLabel = "N", description = "Largest picture; default: " + Options.DEFAULT_MAX_PIXELS + ".")
    private long maxPixels = Options.DEFAULT_MAX_PIXELS;

    private long count;
    private long failures;

    /** Of the first inputs, for the similarity of two. */
    private final List<Embedding> first = new ArrayList<>();

    public EmbedCommand(CommandContext console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        Options options = options();
        form.check(common);
        if (resume) refuseWhatCannotBeResumed();
        try (InputRecords requests = inputs.open(console)) {
            if (resume) goOn(requests, options);
            else begin(requests, options);
        } catch (AtomicOutput.ReaderGone gone) {
            // Elsewhere a reader that has seen enough is no error; here results would be missing and nobody be told.
            throw new IOException("stdout: its reader has gone, results are missing", gone);
        }
        remarks();
        return failures > 0 ? Main.SOME_FAILED : Main.DONE;
    }

    private void refuseWhatCannotBeResumed() {
        if (output == null || output.equals("-")) throw common.wrongUse("--resume needs --output FILE");
        if (inputs.file() == null || inputs.onCommandLine()) throw common.wrongUse("--resume is for the lines of --input alone");
        if (form.needsAllVectors()) throw common.wrongUse("--resume with --precision int8 needs --calibration");
    }

    private void begin(InputRecords requests, Options options) throws IOException {
        try (AtomicOutput out = AtomicOutput.open(output, format == Format.npy, console);
                EmbeddingModel model = common.open(console, options)) {
            int dimensions = form.dimensions(model, common, console);
            try (ResultWriter writer = form.into(writer(out, dimensions, false), dimensions, common, console)) {
                embedAll(requests, model, writer, out::flush);
                writer.finish();
            }
            out.commit();
        }
    }

    private void goOn(InputRecords requests, Options options) throws IOException {
        Path target = AtomicOutput.target(output, console);
        if (inputs.file().equals("-")) ResumableRun.checkStdin(target);
        else ResumableRun.checkInput(target, console.folder().resolve(inputs.file()), inputs.file());
        try (EmbeddingModel model = common.open(console, options);
                ResumableRun run = ResumableRun.open(target, settings(model), format == Format.npy ? NpyWriter.HEADER_BYTES : 0)) {
            run.skipDone(requests, inputs.file());
            count = run.start().inputs();
            failures = run.start().failures();
            if (count > 0 && !common.quiet()) console.say(output + " has the results of " + count + " inputs, going on");

            int dimensions = form.dimensions(model, common, console);
            boolean begun = run.start().outputBytes() > 0;
            try (ResultWriter writer = form.into(writer(run.output(), dimensions, begun), dimensions, common, console)) {
                ChunkEnd mark = () -> {
                    writer.finish();
                    run.mark(requests, count, failures);
                };
                if (begun) writer.finish();   // the run before may have counted rows that its last mark does not have
                embedAll(requests, model, writer, mark);
                writer.finish();
                run.end(requests, count, failures);
            }
        }
    }

    /** What must be as before, or the results of two runs would not belong together. Pictures are not compared. */
    private Map<String, String> settings(EmbeddingModel model) throws IOException {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("--format", format.name());
        settings.putAll(form.settings(model, console));
        settings.put("--max-tokens", Integer.toString(model.maxTokens()));
        settings.put("--refuse-long", Boolean.toString(refuseLong));
        settings.put("--single-bos", Boolean.toString(prompts.singleBos()));
        settings.put("--exif", Boolean.toString(exif));
        settings.put("--max-pixels", Long.toString(maxPixels));
        settings.put("kernels", model.kernelChoice().name().toLowerCase(Locale.ROOT));
        settings.put("a model whose fingerprint is", model.fingerprint());
        return settings;
    }

    /** @param begun whether the output has results of an earlier run */
    private ResultWriter writer(PatchableOutput out, int dimensions, boolean begun) throws IOException {
        int numbers = form.precision().numbers(dimensions);
        return switch (format) {
            case jsonl -> new JsonlWriter(out);
            case csv -> new CsvWriter(out, numbers, begun);
            case npy -> new NpyWriter(out, form.precision(), numbers, begun, count);
        };
    }

    private Options options() {
        if (maxPixels < 1) throw common.wrongUse("--max-pixels is " + maxPixels + ", expected at least 1");
        return Options.defaults()
                .withThreads(common.threads())
                .withKernels(KernelChoice.valueOf(kernels.name().toUpperCase(Locale.ROOT)))
                .withMaxTokens(prompts.maxTokens(common, 0))
                .withRefuseTooLong(refuseLong)
                .withMaxPixels(maxPixels)
                .withDropDuplicateBos(prompts.singleBos())
                .withApplyExif(exif);
    }

    /** What follows when the results of a chunk are written. */
    @FunctionalInterface
    private interface ChunkEnd {
        void reached() throws IOException;
    }

    /** Chunk by chunk: memory does not grow with the number of inputs, and results come out as they are ready. */
    private void embedAll(InputRecords requests, EmbeddingModel model, ResultWriter writer, ChunkEnd end) throws IOException {
        double fractionBefore = count == 0 ? 0 : requests.fraction();
        ProgressLine progress = new ProgressLine(console, common.quiet(), count, fractionBefore);
        int size = 8;
        List<InputRecord> chunk = requests.next(size);
        while (!chunk.isEmpty()) {
            long start = System.nanoTime();
            double from = fractionBefore;
            double to = requests.fraction();
            long before = count;
            ProgressListener listener = (done, total) -> progress.update(before + done, from + (to - from) * done / total);
            List<EmbeddingResult> results = model.tryEmbedAll(readable(chunk), listener);
            write(chunk, results, writer, progress);
            end.reached();

            double seconds = (System.nanoTime() - start) * 1e-9;
            double fitting = chunk.size() * SECONDS_PER_CHUNK / Math.max(seconds, 1e-3);
            size = (int) Math.clamp(Math.min(fitting, 2.0 * size), 1, MAX_CHUNK);
            fractionBefore = to;
            chunk = requests.next(size);
        }
        progress.erase();
    }

    private static List<Input> readable(List<InputRecord> chunk) {
        return chunk.stream().filter(request -> !request.failed()).map(InputRecord::input).toList();
    }

    private void write(List<InputRecord> chunk, List<EmbeddingResult> results, ResultWriter writer, ProgressLine progress)
            throws IOException {
        int next = 0;
        for (InputRecord request : chunk) {
            if (request.failed()) {
                failed(request.id(), request.error(), writer, progress);
                continue;
            }
            EmbeddingResult result = results.get(next++);
            if (result.failed()) failed(request.id(), result.error().getMessage(), writer, progress);
            else embedded(request.id(), result.embedding(), writer);
        }
    }

    private void embedded(Json id, Embedding embedding, ResultWriter writer) throws IOException {
        count++;
        if (first.size() < 2) first.add(embedding);
        writer.embedded(id, embedding);
    }

    private void failed(Json id, String error, ResultWriter writer, ProgressLine progress) throws IOException {
        count++;
        failures++;
        writer.failed(id, error);
        if (format != Format.jsonl) {
            progress.erase();
            console.say(InputRecord.plain(id) + ": " + error);
        }
    }

    /** What only a person wants to know. */
    private void remarks() {
        if (common.quiet()) return;
        if (failures > 0) console.say(failures + " of " + count + " inputs failed");
        if (console.terminal() && count == 2 && first.size() == 2) {
            console.err().println(String.format(Locale.ROOT, "similarity %.4f", first.get(0).cosine(first.get(1))));
            console.err().flush();
        }
    }
}
