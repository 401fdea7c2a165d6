package dev.mme5.cli.option;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.OptionException;
import dev.mme5.cli.context.UsageException;
import dev.mme5.cli.input.CalibrationFile;
import dev.mme5.cli.output.Int8SpoolWriter;
import dev.mme5.cli.output.PrecisionWriter;
import dev.mme5.cli.output.ResultWriter;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Int8Ranges;
import dev.mme5.engine.Precision;
import dev.mme5.weights.file.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Option;

/** The precision and length of the vectors that are written. */
public final class PrecisionOptions {
    /** The values of {@code --precision}. */
    enum PrecisionName {
        float32, int8, binary, ubinary;

        Precision precision() {
            return Precision.valueOf(name().toUpperCase(Locale.ROOT));
        }
    }

    @Option(
            names = "--precision",
            paramLabel = "KIND",
            description = "float32 (default), int8, binary or ubinary, as sentence-transformers defines them.")
    private PrecisionName precision = PrecisionName.float32;

    @Option(
            names = "--calibration",
            paramLabel = "FILE",
            description = "For int8: embeddings, or two rows of minima and maxima, as .npy or JSON lines. "
                    + "Default: the embeddings of this run.")
    private String calibration;

    @Option(
            names = "--dimensions",
            paramLabel = "N",
            description = "Write the first N numbers, scaled to unit length. mmE5 and E5 were not trained for that: expect worse matches.")
    private Integer dimensions;

    /** Refuses wrong values before a model is opened. */
    public void check() {
        if (dimensions != null) OptionException.requireAtLeast(1, "--dimensions", dimensions);
        if (calibration != null && precision != PrecisionName.int8) {
            throw new OptionException("--calibration is for --precision int8, not for " + precision);
        }
    }

    /** The file of ranges as the user named it, or null. */
    public String calibration() {
        return calibration;
    }

    /** Whether the first result can only be written after the last vector is computed. */
    public boolean needsAllVectors() {
        return precision == PrecisionName.int8 && calibration == null;
    }

    /** The options that decide how vectors are written, by name. */
    public Map<String, String> settings(EmbeddingModel model, CommandContext context) throws IOException {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("--precision", precision.name());
        settings.put("--dimensions", Integer.toString(dimensions == null ? model.dimensions() : dimensions));
        if (calibration != null) {
            Path path = context.folder().resolve(calibration);
            if (Files.exists(path) && !Files.isRegularFile(path)) {   // it is read twice
                throw new UsageException(calibration + ": is a folder, a pipe or a device, --resume needs a file");
            }
            settings.put("a --calibration with SHA-256", Sha256.hex(path, bytes -> {}));
        }
        return settings;
    }

    public Precision precision() {
        return precision.precision();
    }

    /** Number of dimensions of the written vectors. */
    public int dimensions(EmbeddingModel model, CommonOptions common, CommandContext context) {
        if (dimensions == null || dimensions == model.dimensions()) return model.dimensions();
        if (dimensions > model.dimensions()) {
            throw new OptionException("--dimensions is " + dimensions + ", the model has " + model.dimensions());
        }
        if (!common.quiet()) {
            context.printMessage(("vectors are cut from %d to %d dimensions: expect worse matches, unless the model was trained for it "
                    + "(mmE5 and E5 were not)").formatted(model.dimensions(), dimensions));
        }
        return dimensions;
    }

    /**
     * Wraps a writer: the result takes vectors of the model and passes them on with the chosen precision and length.
     *
     * @param target writes vectors of {@link #precision}
     * @param targetDimensions the result of {@link #dimensions}
     */
    public ResultWriter wrap(ResultWriter target, int targetDimensions, CommonOptions common, CommandContext context)
            throws IOException {
        if (precision != PrecisionName.int8) return new PrecisionWriter(target, targetDimensions, precision(), null);
        if (calibration == null) return new Int8SpoolWriter(target, targetDimensions, common.quiet() ? null : context);
        Int8Ranges ranges = CalibrationFile.read(calibration, context.folder().resolve(calibration), targetDimensions);
        return new PrecisionWriter(target, targetDimensions, Precision.INT8, ranges);
    }
}
