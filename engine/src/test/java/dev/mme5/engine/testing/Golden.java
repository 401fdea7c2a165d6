package dev.mme5.engine.testing;

import dev.mme5.engine.Input;
import dev.mme5.engine.Picture;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import dev.mme5.weights.Checkpoint;
import dev.mme5.weights.MappedTensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The golden cases of one reference model; their files are described in {@code golden/README.md}. */
public record Golden(String model, List<Case> cases) {
    public static final Path ROOT = Path.of("src/test/resources/golden");

    public static final List<String> MODELS =
            List.of("a-bf16-hub", "b-f32-v5", "c-f16-sharded", "d-bf16-v5-sharded", "e-bf16-defaults");

    /**
     * One input and what the reference computed for it.
     *
     * @param maxTokens limit, or 0
     * @param tensors by name, such as {@code text.layer.2.last}
     */
    public record Case(String id, String text, List<Path> images, int maxTokens, int[] ids, Map<String, float[]> tensors) {
        public Input input() {
            List<Picture> pictures = images.stream().map(Picture::of).toList();
            return new Input(text, pictures, maxTokens);
        }

        @Override
        public String toString() {
            return id;
        }
    }

    public static Golden read(String model) {
        JsonObject json = JsonReader.readObject(ROOT.resolve("goldens").resolve(model + ".json"));
        Map<String, Map<String, float[]>> tensors = new LinkedHashMap<>();
        try (Checkpoint file = Checkpoint.openFile(ROOT.resolve("goldens").resolve(model + ".safetensors"))) {
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
                    c.array("images").texts().stream().map(name -> ROOT.resolve("images").resolve(name)).toList(),
                    c.integer("max_length", 0),
                    c.array("input_ids").integers(),
                    tensors.get(id)));
        }
        return new Golden(json.text("model"), cases);
    }

    public Path folder() {
        return ROOT.resolve("models").resolve(model);
    }
}
