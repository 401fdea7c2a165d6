package dev.mme5.engine.family;

import dev.mme5.json.Json;
import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import dev.mme5.json.JsonWriter;
import dev.mme5.json.ModelFormatException;
import dev.mme5.json.RawMemberReader;
import dev.mme5.tokenizer.TextSettings;
import dev.mme5.weights.file.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The files that sentence-transformers keeps in a model folder: the steps after the transformer (modules.json, and a folder for each
 * step), its own text settings, prompts. A folder without modules.json is not for sentence-transformers and passes. Steps that the
 * family computes pass; whatever would give other vectors there is refused, never ignored.
 */
public final class SentenceTransformersFiles {
    private static final String MODULES = "modules.json";
    private static final String SETTINGS = "config_sentence_transformers.json";

    /** The files directly in the folder. */
    public static final List<String> NAMES = List.of(MODULES, SETTINGS, TextSettings.FILE);

    private static final String TYPE = "model_type";
    private static final String SENTENCE_TRANSFORMER = "SentenceTransformer";
    private static final String OWN_CLASSES = "sentence_transformers.";

    /** The class of the published folder of mmE5, which does what is computed here. */
    private static final String MME5_CLASSES = "custom_st.";
    private static final String MODE = "pooling_mode";

    /** What sentence-transformers calls the vector of a text. */
    private static final String VECTOR = "sentence_embedding";

    private static final long MAX_BYTES = 1 << 20;

    private final ModelFolder folder;
    private final String pooling;
    private final int maxTokens;

    private SentenceTransformersFiles(ModelFolder folder, String pooling, int maxTokens) {
        this.folder = folder;
        this.pooling = pooling;
        this.maxTokens = maxTokens;
    }

    /**
     * Checks the files of a folder for a family that normalises its vectors.
     *
     * @param pooling what the family computes, as sentence-transformers names it: {@code lasttoken}, {@code mean}, {@code cls}
     * @param maxTokens the longest sequence of the model
     * @throws ModelFormatException if a file is damaged or asks for something else
     */
    public static void check(Path folder, String pooling, int maxTokens) {
        ModelFolder model = ModelFolder.of(folder);
        if (model.lists(MODULES)) new SentenceTransformersFiles(model, pooling, maxTokens).check();
    }

    private void check() {
        Path file = folder.path().resolve(MODULES);
        if (!(parse(file) instanceof JsonArray modules) || modules.size() == 0) {
            throw new ModelFormatException(file.toString(), "", "expected a list of modules");
        }
        boolean isOwnTransformer = checkFirst(modules);
        boolean pools = !isOwnTransformer;   // a class that comes with the model may pool itself
        boolean normalizes = false;
        for (int i = 1; i < modules.size(); i++) {
            JsonObject module = modules.object(i);
            switch (step(module)) {
                case "Pooling" -> {
                    if (normalizes) throw module.error("type", "expected pooling before normalisation");
                    checkPooling(module);
                    pools = true;
                }
                case "Normalize" -> {
                    checkNormalize(folder.path(), module);
                    normalizes = true;
                }
                default -> throw module.error("type",
                        "expected Pooling or Normalize, found " + module.get("type") + ": a step that is not computed here");
            }
        }
        if (!pools) throw new ModelFormatException(file.toString(), "", "expected a Pooling module, found none");
        if (!normalizes) {
            throw new ModelFormatException(
                    file.toString(), "", "expected a Normalize module, found none: vectors here have unit length");
        }
        checkSettings(folder.path());
    }

    /** Returns whether the transformer is the class of sentence-transformers, and not one that comes with the model. */
    private boolean checkFirst(JsonArray modules) {
        JsonObject first = modules.object(0);
        String path = first.text("path", "");
        if (!path.isEmpty()) throw first.error("path", "expected the transformer in this folder, found " + new Json.Text(path));
        String type = first.text("type");
        if (type.startsWith(MME5_CLASSES)) return false;
        if (!type.startsWith(OWN_CLASSES)) {
            throw first.error("type", "expected Transformer of sentence-transformers, found " + first.get("type") + ": a class of its own");
        }
        if (!step(first).equals("Transformer")) throw first.error("type", "expected Transformer, found " + first.get("type"));
        Optional<Path> settings = TextSettings.find(folder.path());
        if (settings.isEmpty()) return true;
        JsonObject text = ModelFolder.readObject(settings.get());
        if (text.bool("do_lower_case", false)) throw text.error("do_lower_case", "expected false, found true");
        int limit = text.integer("max_seq_length", maxTokens);
        if (limit < maxTokens) {
            throw text.error("max_seq_length",
                    "expected the model's own limit, %d, found %d: leave it out and open the model with a limit of %d tokens"
                            .formatted(maxTokens, limit, limit));
        }
        return true;
    }

    private static String step(JsonObject module) {
        String type = module.text("type");
        return type.substring(type.lastIndexOf('.') + 1);
    }

    private void checkPooling(JsonObject module) {
        Path subfolder = folder.file(module.text("path"), folder.path().resolve(MODULES), module.location() + ".path");
        Path file = subfolder.resolve("config.json");
        if (!(parse(file) instanceof JsonObject config)) throw new ModelFormatException(file.toString(), "", "expected an object");
        boolean found = false;
        for (String key : config.keys()) {
            boolean isText = key.equals(MODE);
            if (!isText && (!key.startsWith(MODE + "_") || !config.bool(key))) continue;
            String mode = isText ? config.text(key) : key.substring(MODE.length() + 1).replace("_tokens", "").replace("_token", "");
            if (!mode.equals(pooling)) throw config.error(key, "expected " + pooling + ", as this model is computed, found " + mode);
            found = true;
        }
        if (!found) throw config.error(MODE, "expected " + pooling + ", as this model is computed, found the default, mean");
    }

    /**
     * Refuses a Normalize that scales something else than the vector, such as the states of tokens. Its config.json is rare: where
     * there is none in this folder, the module passes.
     *
     * @param module its entry in modules.json, whose path may lead through folders
     * @throws ModelFormatException if its config.json says so, or is damaged, or a link leads out of the folder
     */
    public static void checkNormalize(Path path, JsonObject module) {
        String name = module.text("path", "");
        if (name.isEmpty()) return;
        Path file;
        try {
            file = path.resolve(name).resolve("config.json");
        } catch (InvalidPathException e) {
            throw module.error("path", "expected a path, found " + new Json.Text(name));
        }
        boolean isInside = file.toAbsolutePath().normalize().startsWith(path.toAbsolutePath().normalize());
        if (!isInside || !Files.exists(file, LinkOption.NOFOLLOW_LINKS)) return;
        JsonObject config = JsonReader.readObject(file, ModelFolder.of(path).checked(file), RawMemberReader.NONE);
        for (String key : List.of("module_input_name", "module_output_name")) {
            String found = config.text(key, VECTOR);
            if (!found.equals(VECTOR)) {
                throw config.error(key, "expected %s, found %s".formatted(JsonWriter.quote(VECTOR), JsonWriter.quote(found)));
            }
        }
    }

    /**
     * Refuses settings that sentence-transformers applies by itself.
     *
     * @throws ModelFormatException when there are any
     */
    public static void checkSettings(Path path) {
        if (!ModelFolder.of(path).lists(SETTINGS)) return;
        JsonObject settings = ModelFolder.readObject(path.resolve(SETTINGS));
        for (String key : List.of("default_prompt_name", "truncate_dim")) {
            if (settings.has(key)) throw settings.error(key, "expected null, found " + settings.get(key) + ": it is not applied here");
        }
        if (settings.keys().contains(TYPE) && !settings.has(TYPE)) {
            throw settings.error(TYPE, "expected \"%s\", found null".formatted(SENTENCE_TRANSFORMER));
        }
        String type = settings.text(TYPE, SENTENCE_TRANSFORMER);
        if (!type.equals(SENTENCE_TRANSFORMER)) {
            throw settings.error(TYPE, "expected %s, found %s".formatted(
                    JsonWriter.quote(SENTENCE_TRANSFORMER), JsonWriter.quote(type)));
        }
    }

    private Json parse(Path file) {
        try {
            Path target = folder.checked(file);
            if (Files.size(target) > MAX_BYTES) throw new ModelFormatException(file.toString(), "", "expected at most 1 MB");
            return JsonReader.parse(Files.readAllBytes(target), file.toString());
        } catch (IOException e) {
            throw ModelFormatException.unreadable(file, e);
        }
    }
}
