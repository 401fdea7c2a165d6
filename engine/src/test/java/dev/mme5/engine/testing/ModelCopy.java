package dev.mme5.engine.testing;

import dev.mme5.json.Json;
import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import dev.mme5.json.JsonWriter;
import dev.mme5.weights.Checkpoint;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.SafetensorsWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A copy of a fixture's folder that a test may damage.
 *
 * @param folder the copy
 */
public record ModelCopy(Path folder) {
    private static final String WEIGHTS = "model.safetensors";

    /** Of a model in one file. */
    public static ModelCopy of(String model, Path temporary) {
        return of(Golden.read(model), temporary);
    }

    /** Of a model in one file. */
    public static ModelCopy of(Golden golden, Path temporary) {
        Path source = golden.folder();
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = temporary.resolve(source.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ModelCopy(temporary);
    }

    public ModelCopy without(String file) {
        try {
            Files.delete(folder.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Replaces a text that must be there. */
    public ModelCopy replace(String file, String text, String by) {
        String before = text(file);
        if (!before.contains(text)) throw new IllegalArgumentException(file + " has no " + text);
        return write(file, before.replace(text, by));
    }

    public ModelCopy write(String file, String text) {
        try {
            Files.writeString(folder.resolve(file), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /**
     * Sets one value of a JSON file.
     *
     * @param place such as {@code text_config.hidden_size}; what it leads through must be there
     * @param value as JSON, or null to take the key away
     */
    public ModelCopy set(String file, String place, String value) {
        JsonObject root = JsonReader.readObject(folder.resolve(file));
        JsonWriter out = new JsonWriter();
        write(root, List.of(place.split("\\.")), value, out);
        return write(file, out.toString());
    }

    private static void write(JsonObject object, List<String> place, String value, JsonWriter out) {
        String changed = place.getFirst();
        out.beginObject();
        for (String key : object.keys()) {
            if (key.equals(changed) && place.size() == 1) continue;
            out.name(key);
            if (key.equals(changed)) write(object.object(key), place.subList(1, place.size()), value, out);
            else out.value(object.get(key));
        }
        if (place.size() == 1 && value != null) out.name(changed).value(parsed(value));
        out.endObject();
    }

    private static Json parsed(String value) {
        return ((JsonArray) JsonReader.parse(("[" + value + "]").getBytes(StandardCharsets.UTF_8), "value")).get(0);
    }

    /**
     * Rewrites the weights.
     *
     * @param change gives what to write instead of a tensor; null for nothing
     */
    public ModelCopy tensors(UnaryOperator<MappedTensor> change) {
        Path file = folder.resolve(WEIGHTS);
        try (Checkpoint checkpoint = Checkpoint.openFile(file)) {
            SafetensorsWriter writer = new SafetensorsWriter();
            for (MappedTensor tensor : checkpoint.tensors().values()) {
                MappedTensor changed = change.apply(tensor);
                if (changed != null) writer.add(changed);
            }
            writer.write(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    public String text(String file) {
        try {
            return Files.readString(folder.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
