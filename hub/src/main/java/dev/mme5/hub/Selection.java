package dev.mme5.hub;

import dev.mme5.hub.cache.FileNames;
import dev.mme5.hub.cache.SnapshotContents;
import dev.mme5.hub.net.PermanentFailure;
import dev.mme5.hub.net.RepositoryListing;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which of a repository's files make the model. Refuses repositories that have no model for this program, before a byte is fetched. */
final class Selection {
    private static final int MAX_SMALL_FILES = 200;

    /** A LoRA adapter beside its base model, and what says how to merge it. */
    private static final String ADAPTER = "adapter_model.safetensors";

    private static final String ADAPTER_CONFIG = "adapter_config.json";

    private final ModelReference reference;
    private final Map<String, RepositoryListing.ListedFile> listed = new LinkedHashMap<>();
    private final List<String> small = new ArrayList<>();

    Selection(ModelReference reference, RepositoryListing listing, RepositoryFilter filter) throws PermanentFailure {
        this.reference = reference;
        for (RepositoryListing.ListedFile file : listing.files()) {
            if (FileNames.isEscape(file.name())) throw refusal("the file name \"" + file.name() + "\" leads out of the folder");
            listed.put(file.name(), file);
        }
        requireModel();
        for (String name : listed.keySet()) {
            boolean isIndex = name.equals(SnapshotContents.INDEX) && !hasSingleFile();
            boolean isWanted = filter.accepts(name) || name.equals(SnapshotContents.CONFIG) || name.equals(SnapshotContents.TOKENIZER);
            if (isIndex || isWanted && !isWeights(name)) small.add(name);
        }
        if (small.size() > MAX_SMALL_FILES) throw refusal("it has " + small.size() + " small files, expected at most " + MAX_SMALL_FILES);
        requireNames(small);
    }

    private void requireModel() throws PermanentFailure {
        if (!listed.containsKey(SnapshotContents.CONFIG)) throw refusal("it has no config.json, so it is no model");
        if (!hasSingleFile() && !listed.containsKey(SnapshotContents.INDEX)) {
            boolean hasOthers = listed.keySet().stream().anyMatch(name -> name.matches(".*\\.(bin|h5|msgpack|onnx|gguf|pth)"));
            throw refusal("it has no weights in safetensors" + (hasOthers ? ", only in formats that are not read" : ""));
        }
        if (!listed.containsKey(SnapshotContents.TOKENIZER)) throw refusal("it has no tokenizer.json");
    }

    private static boolean isWeights(String name) {
        return name.endsWith(".safetensors") || name.equals(SnapshotContents.INDEX);
    }

    private boolean hasSingleFile() {
        return listed.containsKey(SnapshotContents.WEIGHTS);
    }

    private void requireNames(Collection<String> names) throws PermanentFailure {
        for (String name : names) {
            Optional<String> problem = FileNames.problem(name);
            if (problem.isPresent()) throw refusal("the file name \"" + name + "\" " + problem.get());
        }
        Optional<String> collision = FileNames.collision(names);
        if (collision.isPresent()) throw refusal("the file name \"" + collision.get() + "\" is that of another file on some systems");
    }

    /** Everything but the weights; the index is among them. */
    List<String> small() {
        return List.copyOf(small);
    }

    boolean isSharded() {
        return !hasSingleFile();
    }

    /**
     * The files of weights.
     *
     * @param shards what the index names, if there is one
     */
    List<String> weights(List<String> shards) throws PermanentFailure {
        List<String> weights = new ArrayList<>(isSharded() ? shards : List.of(SnapshotContents.WEIGHTS));
        if (small.contains(ADAPTER_CONFIG) && listed.containsKey(ADAPTER) && !weights.contains(ADAPTER)) weights.add(ADAPTER);
        for (String name : weights) {
            if (!listed.containsKey(name))
                throw refusal(SnapshotContents.INDEX + " names " + name + ", and the repository has no such file");
        }
        List<String> all = new ArrayList<>(small);
        all.addAll(weights);
        requireNames(all);
        return weights;
    }

    RepositoryListing.ListedFile listed(String name) {
        return listed.get(name);
    }

    boolean has(String name) {
        return listed.containsKey(name);
    }

    /** The files that will be needed, as far as they are known before the index is: shards are guessed by their names. */
    List<RepositoryListing.ListedFile> likely() {
        return listed.values().stream().filter(file -> {
            boolean isShard = isSharded() && file.name().matches("model-\\d{5}-of-\\d{5}\\.safetensors");
            boolean isSingle = !isSharded() && file.name().equals(SnapshotContents.WEIGHTS);
            boolean isAdapter = small.contains(ADAPTER_CONFIG) && file.name().equals(ADAPTER);
            return isShard || isSingle || isAdapter || small.contains(file.name());
        }).toList();
    }

    private PermanentFailure refusal(String problem) {
        return new PermanentFailure(reference + " is refused: " + problem);
    }
}
