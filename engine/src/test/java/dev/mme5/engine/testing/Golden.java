package dev.mme5.engine.testing;

import dev.mme5.engine.ImageSource;
import dev.mme5.engine.Input;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import dev.mme5.weights.Checkpoint;
import dev.mme5.weights.MappedTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The golden cases of one reference model; the files are described in {@code golden/README.md} and {@code
 * golden-more/README.md}.
 *
 * @param folder the model's folder
 */
public record Golden(String model, Path folder, List<Case> cases) {
    private static final Path RESOURCES = Path.of("src/test/resources");

    /** The models of the reference fixtures. */
    public static final Path ROOT = RESOURCES.resolve("golden");

    /** Text encoders. */
    public static final Path ENCODERS = RESOURCES.resolve("golden-encoder");

    /** Images of many sizes and formats. */
    public static final Path IMAGES = ROOT.resolve("images");

    /** Sets of models: the reference's, those of mme5, and one made elsewhere if the system property names it. */
    public static List<Path> sets() {
        List<Path> sets = new ArrayList<>(List.of(ROOT, RESOURCES.resolve("golden-more"), ENCODERS));
        String further = System.getProperty("mme5.goldens", "");
        if (!further.isEmpty()) sets.add(Path.of(further));
        return sets;
    }

    /**
     * One input and what the reference computed for it.
     *
     * @param maxTokens limit, or 0
     * @param tensors by name, such as {@code text.layer.2.last}
     */
    public record Case(String id, String text, List<Path> images, int maxTokens, int[] ids, Map<String, float[]> tensors) {
        public Input input() {
            List<ImageSource> sources = images.stream().map(ImageSource::of).toList();
            return new Input(text, sources, maxTokens);
        }

        @Override
        public String toString() {
            return id;
        }
    }

    /** All models of all sets, by name within a set. */
    public static List<Golden> all() {
        return of(sets());
    }

    /** All models with images that are part of the repository. */
    public static List<Golden> fixtures() {
        return of(sets().subList(0, 2));
    }

    private static List<Golden> of(List<Path> sets) {
        List<Golden> all = new ArrayList<>();
        for (Path set : sets) {
            for (String model : models(set)) all.add(read(set, model));
        }
        return all;
    }

    /** A text encoder. */
    public static Golden encoder(String model) {
        return read(ENCODERS, model);
    }

    /** A model of the reference fixtures. */
    public static Golden read(String model) {
        return read(ROOT, model);
    }

    private static List<String> models(Path set) {
        try (Stream<Path> folders = Files.list(set.resolve("models"))) {
            return folders.map(folder -> folder.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Golden read(Path set, String model) {
        JsonObject json = JsonReader.readObject(set.resolve("goldens").resolve(model + ".json"));
        Map<String, Map<String, float[]>> tensors = new LinkedHashMap<>();
        try (Checkpoint file = Checkpoint.openFile(set.resolve("goldens").resolve(model + ".safetensors"))) {
            for (Map.Entry<String, MappedTensor> entry : file.tensors().entrySet()) {
                String[] name = entry.getKey().split("/", 2);
                tensors.computeIfAbsent(name[0], n -> new LinkedHashMap<>()).put(name[1], entry.getValue().toFloats());
            }
        }
        List<Case> cases = new ArrayList<>();
        for (int i = 0; i < json.array("cases").size(); i++) {
            JsonObject c = json.array("cases").object(i);
            String id = c.text("id");
            cases.add(new Case(
                    id,
                    c.text("text"),
                    c.array("images").texts().stream().map(name -> set.resolve("images").resolve(name)).toList(),
                    c.integer("max_length", 0),
                    c.array("input_ids").integers(),
                    tensors.get(id)));
        }
        return new Golden(model, set.resolve("models").resolve(model), cases);
    }
}
