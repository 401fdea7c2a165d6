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
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a model's folder must have: a configuration, a tokenizer, and weights in safetensors, as one file or as the shards that
 * the index names. Because a file gets its name only when it is complete, a folder with all names is complete.
 *
 * <p>Other files may exist or not, and decide about vectors if they do. A program that fetches file by file, such as transformers'
 * {@code AutoModel}, leaves some of them out, so a snapshot counts as complete only when each of them is here, or is known not to
 * exist.
 */
public final class SnapshotContents {
    public static final String CONFIG = "config.json";
    public static final String TOKENIZER = "tokenizer.json";
    public static final String WEIGHTS = "model.safetensors";
    public static final String INDEX = "model.safetensors.index.json";

    /** Decide about the vectors of every model. */
    private static final List<String> OPTIONAL = List.of("tokenizer_config.json");

    /**
     * How token states are pooled, and which special tokens there are: the mean is taken, and no further tokens, where nothing is said,
     * which is wrong for a model that has these files.
     */
    private static final List<String> OPTIONAL_FOR_TEXT = List.of("modules.json", "1_Pooling/config.json", "sentence_bert_config.json",
            "special_tokens_map.json", "added_tokens.json");

    private static final List<String> OPTIONAL_FOR_IMAGES = List.of("preprocessor_config.json");

    /** What transformers 5 saves instead. A model without the one that it needs is refused when it is opened. */
    private static final String PROCESSOR_CONFIG = "processor_config.json";

    /** What the adapter's configuration, if there is one, makes necessary. */
    private static final String ADAPTER_CONFIG = "adapter_config.json";

    private static final String ADAPTER = "adapter_model.safetensors";

    /** The index of a model with ten thousand tensors has 1 MB. */
    private static final long MAX_INDEX_BYTES = 8_000_000;

    private SnapshotContents() {}

    /**
     * The first file that is missing, or may exist and was never asked for; empty when the folder is complete.
     *
     * @param isAbsent whether the commit is known not to have a file
     */
    public static Optional<String> firstMissing(Path folder, Predicate<String> isAbsent) {
        for (String name : List.of(CONFIG, TOKENIZER)) {
            if (!isFile(folder, name)) return Optional.of(name);
        }
        Optional<String> missing = firstMissingOfWeights(folder);
        if (missing.isPresent()) return missing;
        if (isFile(folder, ADAPTER_CONFIG) && !isFile(folder, ADAPTER) && !isAbsent.test(ADAPTER)) return Optional.of(ADAPTER);
        return optional(folder).stream().filter(name -> !isFile(folder, name) && !isAbsent.test(name)).findFirst();
    }

    private static Optional<String> firstMissingOfWeights(Path folder) {
        if (isFile(folder, WEIGHTS)) return Optional.empty();
        if (!isFile(folder, INDEX)) return Optional.of(WEIGHTS);
        try {
            return shards(folder.resolve(INDEX)).stream().filter(shard -> !isFile(folder, shard)).findFirst();
        } catch (ModelFormatException e) {
            return Optional.of(INDEX);   // unreadable: what it names is unknown
        }
    }

    /** The files that decide about vectors where they exist. Whether a model takes images is told by its configuration. */
    private static List<String> optional(Path folder) {
        List<String> names = new ArrayList<>(OPTIONAL);
        Path config = folder.resolve(CONFIG);
        try {
            requireModerateSize(config);
            if (!JsonReader.readObject(config).has("vision_config")) names.addAll(OPTIONAL_FOR_TEXT);
            else if (!isFile(folder, PROCESSOR_CONFIG)) names.addAll(OPTIONAL_FOR_IMAGES);
        } catch (ModelFormatException e) {
            // whoever reads the model says what is wrong with it
        }
        return names;
    }

    /** All files whose absence must be on record for a snapshot to count as complete. */
    public static List<String> allOptional() {
        return Stream.of(OPTIONAL, OPTIONAL_FOR_TEXT, OPTIONAL_FOR_IMAGES, List.of(ADAPTER_CONFIG, ADAPTER)).flatMap(List::stream).toList();
    }

    private static boolean isFile(Path folder, String name) {
        return Files.isRegularFile(folder.resolve(name));
    }

    /**
     * The files that an index names, sorted.
     *
     * @throws ModelFormatException when the index cannot be read or names no file, or a name in it is a path
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
        if (shards.isEmpty()) throw weightMap.error("", "expected at least one tensor, found none");
        return List.copyOf(shards);
    }

    private static void requireModerateSize(Path file) {
        try {
            long size = Files.size(file);
            if (size <= MAX_INDEX_BYTES) return;
            throw new ModelFormatException(file.toString(), "", "expected at most " + MAX_INDEX_BYTES + " bytes, found " + size);
        } catch (IOException e) {
            throw new ModelFormatException(file.toString(), "", "cannot be read", e);
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
