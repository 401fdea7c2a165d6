package dev.mme5.hub.cache;

import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import dev.mme5.json.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What a model's folder must have: a configuration, a tokenizer, and weights in safetensors, as one file or as the shards that
 * the index names. Because a file gets its name only when it is complete, a folder with all names is complete.
 */
public final class SnapshotContents {
    public static final String CONFIG = "config.json";
    public static final String TOKENIZER = "tokenizer.json";
    public static final String WEIGHTS = "model.safetensors";
    public static final String INDEX = "model.safetensors.index.json";

    /** The index of a model with ten thousand tensors has 1 MB. */
    private static final long MAX_INDEX_BYTES = 8_000_000;

    private SnapshotContents() {}

    /** The first file that is missing; empty when the folder is complete. */
    public static Optional<String> firstMissing(Path folder) {
        for (String name : List.of(CONFIG, TOKENIZER)) {
            if (!isFile(folder, name)) return Optional.of(name);
        }
        if (isFile(folder, WEIGHTS)) return Optional.empty();
        if (!isFile(folder, INDEX)) return Optional.of(WEIGHTS);
        try {
            return shards(folder.resolve(INDEX)).stream().filter(shard -> !isFile(folder, shard)).findFirst();
        } catch (ModelFormatException e) {
            return Optional.of(INDEX);   // unreadable: what it names is unknown
        }
    }

    private static boolean isFile(Path folder, String name) {
        return Files.isRegularFile(folder.resolve(name));
    }

    /**
     * The files that an index names, sorted.
     *
     * @throws ModelFormatException when the index cannot be read, or a name in it is a path
     */
    public static List<String> shards(Path index) {
        requireModerateSize(index);
        JsonObject weightMap = JsonReader.readObject(index).object("weight_map");
        TreeSet<String> shards = new TreeSet<>();
        for (String tensor : weightMap.keys()) {
            String shard = weightMap.text(tensor);
            if (!shards.contains(shard)) {
                Optional<String> problem = FileNames.problem(shard);
                boolean isPlain = problem.isEmpty() && shard.indexOf('/') < 0 && shard.endsWith(".safetensors");
                if (!isPlain)
                    throw weightMap.error(tensor, "expected the plain name of a safetensors file, found " + weightMap.get(tensor));
                shards.add(shard);
            }
        }
        return List.copyOf(shards);
    }

    private static void requireModerateSize(Path index) {
        try {
            long size = Files.size(index);
            if (size <= MAX_INDEX_BYTES) return;
            throw new ModelFormatException(index.toString(), "", "expected at most " + MAX_INDEX_BYTES + " bytes, found " + size);
        } catch (IOException e) {
            throw new ModelFormatException(index.toString(), "", "cannot be read", e);
        }
    }

    /** Bytes of all files of a folder, links followed. Unreadable ones count nothing. */
    public static long bytes(Path folder) {
        long sum = 0;
        for (Path file : files(folder)) {
            try {
                sum += Files.size(file);
            } catch (IOException e) {
                // a link to nothing
            }
        }
        return sum;
    }

    private static List<Path> files(Path folder) {
        List<Path> files = new ArrayList<>();
        try (var entries = Files.walk(folder, 8)) {
            entries.filter(entry -> !Files.isDirectory(entry)).forEach(files::add);
        } catch (IOException | java.io.UncheckedIOException e) {
            // what could be read counts
        }
        return files;
    }
}
