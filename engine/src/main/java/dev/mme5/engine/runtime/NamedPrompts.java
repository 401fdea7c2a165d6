package dev.mme5.engine.runtime;

import dev.mme5.engine.family.ModelFiles;
import dev.mme5.json.JsonObject;
import dev.mme5.json.ModelFormatException;
import dev.mme5.weights.file.ModelFolder;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The prompts that a folder names in config_sentence_transformers.json, such as {@code query} for {@code "query: "}. */
public final class NamedPrompts {
    private NamedPrompts() {}

    /**
     * The prompts by name, in file order; none if there is no file.
     *
     * @throws ModelFormatException when the file is damaged
     */
    public static Map<String, String> read(Path folder) {
        Path file = folder.resolve(ModelFiles.PROMPTS);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) return Map.of();
        JsonObject json = ModelFolder.readObject(file);
        if (!json.has("prompts")) return Map.of();
        JsonObject named = json.object("prompts");
        Map<String, String> prompts = new LinkedHashMap<>();
        for (String name : named.keys()) prompts.put(name, named.text(name));
        return Collections.unmodifiableMap(prompts);
    }
}
