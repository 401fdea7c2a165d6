package dev.mme5.cli.command;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.ExitStatus;
import dev.mme5.cli.context.NewFiles;
import dev.mme5.cli.context.OptionException;
import dev.mme5.cli.context.UsageException;
import dev.mme5.cli.input.InputRecord;
import dev.mme5.cli.input.InputRecords;
import dev.mme5.cli.option.CommonOptions;
import dev.mme5.cli.terminal.ProgressLine;
import dev.mme5.cli.terminal.Table;
import dev.mme5.engine.ActivationMoments;
import dev.mme5.engine.Input;
import dev.mme5.engine.InputException;
import dev.mme5.engine.Options;
import dev.mme5.engine.quantize.QuantizationReport;
import dev.mme5.engine.quantize.QuantizeOptions;
import dev.mme5.engine.quantize.Quantizer;
import dev.mme5.engine.quantize.UnmatchedPatternException;
import dev.mme5.weights.QuantizationScheme;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mme5 quantize}: writes a model folder with weights of 8 or 4 bits, or with the same weights laid out for the kernels. */
@Command(
        name = "quantize",
        description = "Writes a new model folder whose weights have 8 or 4 bits or are laid out for speed, and prints sizes and errors by "
                + "part.",
        footer = {"", "A PATTERN matches whole tensor names: * stands for any characters, ? for one."})
public final class QuantizeCommand implements Callable<Integer> {
    /** Number of inputs in one pass. */
    private static final int CHUNK = 32;

    private final CommandContext context;

    @Mixin
    private CommonOptions common;

    @Option(names = "--to", required = true, paramLabel = "bf16|int8|int4", description = {
        "Numbers of a weight: int8 or int4 round to 8 or 4 bits.", "bf16 rounds nothing, and short inputs become faster."})
    private String to;

    @Option(names = "--output", required = true, paramLabel = "DIR", description = "The folder to write; it must not exist.")
    private String output;

    @Option(names = "--keep", paramLabel = "PATTERN", description = "Tensors that are not quantised; may be given several times.")
    private List<String> keep = List.of();

    @Option(
            names = "--calibrate",
            paramLabel = "FILE",
            description = "Inputs as JSON lines. Their activations are measured, and weights that matter to them are rounded better.")
    private String calibrate;

    public QuantizeCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        QuantizationScheme scheme = QuantizationScheme.named(to)
                .orElseThrow(() -> new OptionException("--to is " + to + ", expected " + QuantizationScheme.labels()));
        if (calibrate != null && !scheme.isInteger()) {
            throw new OptionException("--calibrate is for --to int8 and int4: %s rounds nothing".formatted(to));
        }
        int threads = common.threads();
        Path target = context.folder().resolve(output);
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new UsageException(output + ": exists already");
        }
        NewFiles.requireFolder(target.toAbsolutePath().getParent(), output);
        Path source = common.model(context);
        ProgressLine progress = new ProgressLine(context, common.quiet());
        try {
            Quantizer.check(source, new QuantizeOptions(scheme, keep, Map.of(), threads)); // before the calibration, which takes long
            Map<String, float[]> moments = calibrate == null ? Map.of() : measure(source, progress);
            QuantizeOptions options = calibrated(scheme, moments, threads);
            QuantizationReport report = Quantizer.quantize(source, target, options, progress::updateBytes);
            progress.erase();
            context.out().write(text(report).getBytes(StandardCharsets.UTF_8));
            context.out().flush();
            return ExitStatus.DONE;
        } catch (UnmatchedPatternException e) {
            throw new UsageException(e.getMessage());
        } finally {
            progress.erase();
        }
    }

    /** The options with what was measured, unless that makes no sense: activations may be too large for float32. */
    private QuantizeOptions calibrated(QuantizationScheme scheme, Map<String, float[]> moments, int threads) {
        try {
            return new QuantizeOptions(scheme, keep, moments, threads);
        } catch (IllegalArgumentException e) {
            throw new UsageException(calibrate + ": " + e.getMessage());
        }
    }

    /** Measures activations. Because part of the inputs would give a worse calibration, one unusable line fails the command. */
    private Map<String, float[]> measure(Path source, ProgressLine progress) throws IOException {
        Options options = Options.defaults().withThreads(common.threads());
        try (InputRecords records = InputRecords.open(List.of(), calibrate, context);
                ActivationMoments moments = ActivationMoments.open(source, options)) {
            long done = 0;
            for (List<InputRecord> chunk = records.next(CHUNK); !chunk.isEmpty(); chunk = records.next(CHUNK)) {
                List<Input> inputs = new ArrayList<>();
                for (InputRecord record : chunk) {
                    if (record.failed()) {
                        throw new UsageException(calibrate + ": " + InputRecord.plain(record.id()) + ": " + record.error());
                    }
                    inputs.add(record.input());
                }
                moments.add(inputs);
                done += chunk.size();
                progress.update(done, records.fraction());
            }
            if (done == 0) throw new UsageException(calibrate + ": holds no input");
            return moments.byWeight();
        } catch (InputException e) {
            throw new UsageException(calibrate + ": " + e.getMessage());
        } finally {
            progress.erase();
        }
    }

    private static String text(QuantizationReport report) {
        Table table = new Table()
                .numbers(2, 3, 4, 5, 6, 7)
                .row("part", "type", "tensors", "parameters", "before", "after", "error", "plain rounding");
        for (QuantizationReport.Part part : report.parts()) {
            boolean rounded = part.plainError() > 0;
            table.row(part.name(), part.type(), Table.count(part.tensors()), Table.count(part.parameters()), Table.size(part.sourceBytes()),
                    Table.size(part.bytes()), rounded ? percent(part.error()) : "", rounded ? percent(part.plainError()) : "");
        }
        StringBuilder text = new StringBuilder(table.toString());
        if (!report.leftOut().isEmpty()) {
            text.append("left out, as it is never read: ").append(String.join(", ", report.leftOut())).append('\n');
        }
        return text.append(String.format(Locale.ROOT, "%s: %s, was %s; %.1f s, %.0f MB/s%n", report.folder(), Table.size(report.bytes()),
                Table.size(report.sourceBytes()), report.seconds(), report.sourceBytes() / report.seconds() / 1e6)).toString();
    }

    private static String percent(double part) {
        return String.format(Locale.ROOT, "%.3f %%", 100 * part);
    }
}
