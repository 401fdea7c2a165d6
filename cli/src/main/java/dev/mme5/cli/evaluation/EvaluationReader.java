package dev.mme5.cli.evaluation;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.UsageException;
import dev.mme5.cli.input.InputRecord;
import dev.mme5.cli.input.InputRecordParser;
import dev.mme5.cli.input.InputRecords;
import dev.mme5.cli.input.LineReader;
import dev.mme5.cli.input.NamedFile;
import dev.mme5.engine.Input;
import dev.mme5.json.Json;
import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import dev.mme5.json.ModelFormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Reads an evaluation from JSON lines, candidates and queries in any order. Because metrics of a part of the task would be
 * misleading, one wrong line makes the whole file unusable, unlike in an input file.
 */
public final class EvaluationReader {
    private static final String CANDIDATE = "candidate";
    private static final String QUERY = "query";

    private final String file;
    private final InputRecordParser inputs;
    private final List<Evaluation.Candidate> candidates = new ArrayList<>();
    private final Map<String, Integer> indexOfCandidate = new HashMap<>();
    private final Map<String, int[]> pools = new HashMap<>();

    /** In the order of the file, by id. */
    private final Map<String, JsonObject> queries = new LinkedHashMap<>();

    private EvaluationReader(String file, InputRecordParser inputs) {
        this.file = file;
        this.inputs = inputs;
    }

    /**
     * @param pathCheck returns the file to open for the path of a line's image
     * @throws ModelFormatException if a line is wrong; the message names it
     */
    public static Evaluation read(Path file, UnaryOperator<Path> pathCheck, CommandContext context) throws IOException {
        Path path = NamedFile.resolve(file.toString(), context);
        if (Files.isDirectory(path)) throw new UsageException(file + ": is a folder, expected a file of JSON lines");
        EvaluationReader reader = new EvaluationReader(file.toString(), new InputRecordParser(NamedFile.of(path).folder(), pathCheck));
        try (LineReader lines = new LineReader(Files.newInputStream(path), InputRecords.MAX_LINE_BYTES).requireLines(file.toString())) {
            for (LineReader.Line line = lines.next(); line != null; line = lines.next()) reader.read(line);
        }
        return reader.finish();
    }

    private void read(LineReader.Line line) {
        String source = file + ": line " + line.number();
        if (line.bytes() == null) throw new ModelFormatException(source, "", "longer than " + InputRecords.MAX_LINE_BYTES + " bytes");
        if (new String(line.bytes(), StandardCharsets.ISO_8859_1).isBlank()) return;

        JsonObject object = JsonReader.parseObject(line.bytes(), source);
        if (object.has(CANDIDATE) == object.has(QUERY)) {
            String found = object.has(QUERY) ? "both" : "neither";
            throw new ModelFormatException(source, "", "expected either candidate or query, found " + found);
        }
        if (object.has(CANDIDATE)) {
            String id = id(object, CANDIDATE);
            if (indexOfCandidate.putIfAbsent(id, candidates.size()) != null) {
                throw object.error(CANDIDATE, "there is another candidate " + new Json.Text(id));
            }
            candidates.add(new Evaluation.Candidate(id, object.text("pool", ""), input(object)));
        } else if (queries.putIfAbsent(id(object, QUERY), object) != null) {
            throw object.error(QUERY, "there is another query " + object.get(QUERY));
        }
    }

    /** As in input files, ids may be numbers: 7 and "7" are the same id. */
    private static String id(JsonObject object, String key) {
        Json id = object.get(key);
        if (id instanceof Json.Text || id instanceof Json.Number) return InputRecord.plain(id);
        throw object.error(key, "expected a string or a number, found " + id);
    }

    private Input input(JsonObject object) {
        return inputs.parseObject(InputRecord.number(0), object).input();
    }

    private Evaluation finish() {
        if (candidates.isEmpty()) throw new ModelFormatException(file, "", "has no candidates");
        if (queries.isEmpty()) throw new ModelFormatException(file, "", "has no queries");
        Map<String, List<Integer>> byPool = new HashMap<>();
        for (int i = 0; i < candidates.size(); i++) {
            byPool.computeIfAbsent(candidates.get(i).pool(), pool -> new ArrayList<>()).add(i);
        }
        byPool.forEach((pool, indices) -> pools.put(pool, indices.stream().mapToInt(i -> i).toArray()));
        List<Evaluation.Query> all = new ArrayList<>();
        queries.forEach((id, object) -> all.add(query(id, object)));
        return new Evaluation(candidates, all);
    }

    private Evaluation.Query query(String id, JsonObject object) {
        int[] visible = visible(object);
        Map<String, Double> relevant = relevant(object);
        int[] positions = new int[relevant.size()];
        double[] grades = new double[positions.length];
        int next = 0;
        for (Map.Entry<String, Double> entry : relevant.entrySet()) {
            positions[next] = Arrays.binarySearch(visible, candidate(object, "relevant", entry.getKey()));
            if (positions[next] < 0) {
                throw object.error("relevant", new Json.Text(entry.getKey()) + " is not among the candidates of this query");
            }
            grades[next++] = entry.getValue();
        }
        return new Evaluation.Query(id, object.text("group", ""), input(object), visible, positions, grades);
    }

    private int[] visible(JsonObject object) {
        if (!object.has("candidates")) {
            String pool = object.text("pool", "");
            int[] indices = pools.get(pool);
            if (indices == null) {
                throw pool.isEmpty()
                        ? object.error("pool", "missing, and every candidate has one")
                        : object.error("pool", "no candidate is in the pool " + new Json.Text(pool));
            }
            return indices;
        }
        if (object.has("pool")) throw object.error("candidates", "found next to pool, expected one of them");
        JsonArray ids = object.array("candidates");
        int[] indices = new int[ids.size()];
        for (int i = 0; i < indices.length; i++) indices[i] = candidate(object, "candidates", id(ids, i));
        Arrays.sort(indices);
        for (int i = 1; i < indices.length; i++) {
            if (indices[i] == indices[i - 1]) {
                throw object.error("candidates", new Json.Text(candidates.get(indices[i]).id()) + " is listed twice");
            }
        }
        return indices;
    }

    /** Ids with their grades, at least one. */
    private static Map<String, Double> relevant(JsonObject object) {
        Map<String, Double> relevant = new LinkedHashMap<>();
        switch (object.get("relevant")) {
            case JsonArray ids -> {
                for (int i = 0; i < ids.size(); i++) {
                    if (relevant.put(id(ids, i), 1.0) != null) throw ids.error(i, ids.get(i) + " is listed twice");
                }
            }
            case JsonObject grades -> {
                for (String id : grades.keys()) {
                    double grade = grades.number(id);
                    if (!(grade > 0)) throw grades.error(id, "expected a grade above 0, found " + grades.get(id));
                    relevant.put(id, grade);
                }
            }
            case null -> throw object.error("relevant", "missing");
            case Json other -> throw object.error("relevant", "expected a list of ids or an object of grades, found " + other);
        }
        if (relevant.isEmpty()) throw object.error("relevant", "expected at least one id");
        return relevant;
    }

    private static String id(JsonArray ids, int i) {
        Json id = ids.get(i);
        if (id instanceof Json.Text || id instanceof Json.Number) return InputRecord.plain(id);
        throw ids.error(i, "expected a string or a number, found " + id);
    }

    private int candidate(JsonObject object, String key, String id) {
        Integer index = indexOfCandidate.get(id);
        if (index == null) throw object.error(key, "there is no candidate " + new Json.Text(id));
        return index;
    }
}
