package dev.mme5.cli.verification;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.input.InputRecord;
import dev.mme5.cli.input.InputRecordParser;
import dev.mme5.cli.input.InputRecords;
import dev.mme5.cli.input.LineReader;
import dev.mme5.cli.terminal.ProgressLine;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.EmbeddingResult;
import dev.mme5.engine.Input;
import dev.mme5.engine.ProgressListener;
import dev.mme5.json.Json;
import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import dev.mme5.json.ModelFormatException;
import dev.mme5.weights.file.ModelFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Compares embeddings with {@code goldens.jsonl} of the model folder. Its lines are inputs as for {@code embed --input}, each with the
 * {@code embedding} of the reference implementation. The file and its images must be in the model folder.
 */
public final class GoldenCheck {
    public static final String FILE = "goldens.jsonl";

    private static final double TOLERANCE = 1e-5;
    private static final int CHUNK = 32;

    private final Path file;

    public GoldenCheck(Path file) {
        this.file = file;
    }

    private record Case(String id, Input input, float[] expected) {}

    public CheckResult compare(EmbeddingModel model, CommandContext context, boolean quiet) throws IOException {
        List<Case> cases = read(model.dimensions());
        ProgressLine progress = new ProgressLine(context, quiet);
        StringBuilder text = new StringBuilder();
        int within = 0;
        double maxDifference = 0;
        String worst = cases.getFirst().id();
        for (int from = 0; from < cases.size(); from += CHUNK) {
            List<Case> chunk = cases.subList(from, Math.min(from + CHUNK, cases.size()));
            List<EmbeddingResult> results = model.tryEmbedAll(chunk.stream().map(Case::input).toList(), ProgressListener.NONE);
            for (int i = 0; i < chunk.size(); i++) {
                Case golden = chunk.get(i);
                if (results.get(i).failed()) {
                    text.append("  %s: %s\n".formatted(golden.id(), results.get(i).error().getMessage()));
                    continue;
                }
                double difference = difference(results.get(i).embedding().values(), golden.expected());
                if (difference > maxDifference) {
                    maxDifference = difference;
                    worst = golden.id();
                }
                if (difference <= TOLERANCE) within++;
                else text.append(String.format(Locale.ROOT, "  %s: differs by %.2g\n", golden.id(), difference));
            }
            progress.update(from + chunk.size(), (double) (from + chunk.size()) / cases.size());
        }
        progress.erase();
        text.append(String.format(
                Locale.ROOT,
                "%s: %d of %d within 1e-5, largest difference %.2g (%s)\n",
                FILE, within, cases.size(), maxDifference, worst));
        return new CheckResult(within == cases.size(), text.toString());
    }

    /** The largest absolute difference. */
    private static double difference(float[] found, float[] expected) {
        double max = 0;
        for (int i = 0; i < found.length; i++) max = Math.max(max, Math.abs((double) found[i] - expected[i]));
        return max;
    }

    private List<Case> read(int dimensions) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        ModelFolder model = ModelFolder.of(folder);
        InputRecordParser inputs = new InputRecordParser(folder, image -> Files.exists(image) ? model.checked(image) : image);
        List<Case> cases = new ArrayList<>();
        try (LineReader lines = new LineReader(Files.newInputStream(model.checked(file)), InputRecords.MAX_LINE_BYTES)) {
            for (LineReader.Line line = lines.next(); line != null; line = lines.next()) {
                String source = file + ": line " + line.number();
                if (line.bytes() == null) {
                    throw new ModelFormatException(source, "", "longer than " + InputRecords.MAX_LINE_BYTES + " bytes");
                }
                if (new String(line.bytes(), StandardCharsets.ISO_8859_1).isBlank()) continue;
                JsonObject object = JsonReader.parseObject(line.bytes(), source);
                Json id = object.has("id") ? object.get("id") : InputRecord.number(line.number());
                cases.add(new Case(InputRecord.plain(id), inputs.parseObject(id, object).input(), embedding(object, dimensions)));
            }
        }
        if (cases.isEmpty()) throw new ModelFormatException(file.toString(), "", "has no lines");
        return cases;
    }

    private static float[] embedding(JsonObject object, int dimensions) {
        JsonArray numbers = object.array("embedding");
        if (numbers.size() != dimensions) {
            throw object.error("embedding", "expected %d numbers, found %d".formatted(dimensions, numbers.size()));
        }
        float[] values = new float[dimensions];
        for (int i = 0; i < dimensions; i++) values[i] = (float) numbers.number(i);
        return values;
    }
}
