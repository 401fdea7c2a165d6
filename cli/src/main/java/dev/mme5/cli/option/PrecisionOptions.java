package dev.mme5.cli.option;

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

/** In what form vectors are written. */
public final class PrecisionOptions {
    enum PrecisionName {
        float32, int8, binary, ubinary;

        public Precision precision() {
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
            description = "For int8: embeddings, or two rows of least and largest values, as .npy or as JSON lines; "
                    + "default: the run's own embeddings.")
    private String calibration;

    @Option(
            names = "--dimensions",
            paramLabel = "N",
            description = "Write the first N numbers, scaled to unit length. mmE5 was not trained for that: expect worse matches.")
    private Integer dimensions;

    /** Wrong use is refused before a model is opened. */
    public void check(CommonOptions common) {
        if (dimensions != null && dimensions < 1) throw common.wrongUse("--dimensions is " + dimensions + ", expected at least 1");
        if (calibration != null && precision != PrecisionName.int8) {
            throw common.wrongUse("--calibration is for --precision int8, not for " + precision);
        }
    }

    /** Whether no result can be written before the last vector is there. */
    public boolean needsAllVectors() {
        return precision == PrecisionName.int8 && calibration == null;
    }

    /** What decides how vectors are written, by the names of the options. */
    public Map<String, String> settings(EmbeddingModel model, CommandContext console) throws IOException {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("--precision", precision.name());
        settings.put("--dimensions", Integer.toString(dimensions == null ? model.dimensions() : dimensions));
        if (calibration != null) {
            Path path = console.folder().resolve(calibration);
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

    /** How many dimensions the written vectors have. */
    public int dimensions(EmbeddingModel model, CommonOptions common, CommandContext console) {
        if (dimensions == null || dimensions == model.dimensions()) return model.dimensions();
        if (dimensions > model.dimensions()) {
            throw common.wrongUse("--dimensions is " + dimensions + ", the model has " + model.dimensions());
        }
        if (!common.quiet()) {
            console.say("vectors are cut from %d to %d dimensions, for which mmE5 was not trained: expect worse matches"
                    .formatted(model.dimensions(), dimensions));
        }
        return dimensions;
    }

    /**
     * A writer of float vectors of the model that writes them to another in the form that was asked for.
     *
     * @param to writes vectors of {@link #precision}
     * @param kept as {@link #dimensions} says
     */
    public ResultWriter into(ResultWriter to, int kept, CommonOptions common, CommandContext console) throws IOException {
        if (precision != PrecisionName.int8) return new PrecisionWriter(to, kept, precision(), null);
        if (calibration == null) return new Int8SpoolWriter(to, kept, common.quiet() ? null : console);
        Int8Ranges ranges = CalibrationFile.read(calibration, console.folder().resolve(calibration), kept);
        return new PrecisionWriter(to, kept, Precision.INT8, ranges);
    }
}
