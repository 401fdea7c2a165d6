package dev.mme5.tokenizer.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import dev.mme5.json.RawMemberReader;
import dev.mme5.tokenizer.common.TokenizerFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The files of settings beside {@code tokenizer.json}, as transformers 5 reads them: each may be missing, members of
 * {@code special_tokens_map.json} count before those of {@code tokenizer_config.json}, and if the latter has
 * {@code added_tokens_decoder}, it is the only one. The others are read when they are first asked for: a byte-level tokenizer never does.
 */
public final class TokenizerSettings {
    public static final String CONFIG = "tokenizer_config.json";

    public static final String SPECIAL_TOKENS = "special_tokens_map.json";
    public static final String ADDED_TOKENS = "added_tokens.json";

    /** Added tokens by id, in {@code tokenizer_config.json}. */
    public static final String DECODER = "added_tokens_decoder";

    private static final JsonObject NOTHING = (JsonObject) JsonReader.parse("{}".getBytes(UTF_8), CONFIG);

    private static final String VERSIONS = "fast_tokenizer_files";
    private static final Pattern VERSION = Pattern.compile("tokenizer\\.[0-9A-Za-z.]+\\.json");

    /** Settings that transformers takes from any file; models have them in {@code tokenizer_config.json}. */
    private static final List<String> ONLY_IN_CONFIG = List.of("split_special_tokens", "do_lower_case", "strip_accents",
            "tokenize_chinese_chars", "add_prefix_space", "model_max_length", "max_len", "truncation_side", DECODER,
            "model_specific_special_tokens");

    /** Of a {@code tokenizer.json} that is read alone. */
    public static final TokenizerSettings NONE = new TokenizerSettings(Optional.empty(), NOTHING);

    private final Optional<Path> folder;
    private final JsonObject config;
    private JsonObject map;
    private JsonObject added;

    private TokenizerSettings(Optional<Path> folder, JsonObject config) {
        this.folder = folder;
        this.config = config;
    }

    /** @throws dev.mme5.json.ModelFormatException if {@code tokenizer_config.json} is damaged or leads out of the folder */
    public static TokenizerSettings read(Path folder) {
        return new TokenizerSettings(Optional.of(folder), optional(folder, CONFIG));
    }

    private static JsonObject optional(Path folder, String name) {
        Path file = folder.resolve(name);
        return TokenizerFiles.isPresent(file)
                ? JsonReader.readObject(file, TokenizerFiles.checked(folder, file), RawMemberReader.NONE)
                : NOTHING;
    }

    private JsonObject besideConfig(String name) {
        return folder.isPresent() && readsOthers() ? optional(folder.get(), name) : NOTHING;
    }

    /** Whether files beside {@code tokenizer_config.json} count. */
    public boolean readsOthers() {
        return !config.has(DECODER);
    }

    /** {@code tokenizer_config.json}; without members if it does not exist. */
    public JsonObject config() {
        return config;
    }

    /**
     * {@code special_tokens_map.json}; without members if it does not count.
     *
     * @throws dev.mme5.json.ModelFormatException if it is damaged, leads out of the folder, or has settings
     */
    public JsonObject map() {
        if (map == null) {
            JsonObject read = besideConfig(SPECIAL_TOKENS);
            for (String key : ONLY_IN_CONFIG) {
                if (read.keys().contains(key)) throw read.error(key, "expected it in " + CONFIG + ", found it here");
            }
            map = read;
        }
        return map;
    }

    /**
     * {@code added_tokens.json}, ids by token; without members if it does not count.
     *
     * @throws dev.mme5.json.ModelFormatException if it is damaged or leads out of the folder
     */
    public JsonObject added() {
        if (added == null) added = besideConfig(ADDED_TOKENS);
        return added;
    }

    /** The file whose member of that name counts. */
    public JsonObject holder(String key) {
        return map().keys().contains(key) ? map() : config;
    }

    /**
     * Refuses a {@code tokenizer.json} of which the folder has versions for releases of transformers, as that reads another file.
     *
     * @throws dev.mme5.json.ModelFormatException if there is one
     */
    public void refuseOtherVersions() {
        if (folder.isEmpty() || !config.has(VERSIONS)) return;
        JsonArray names = config.array(VERSIONS);
        for (int i = 0; i < names.size(); i++) {
            String name = names.text(i);
            if (VERSION.matcher(name).matches() && TokenizerFiles.isPresent(folder.get().resolve(name))) {
                throw names.error(i, "expected only tokenizer.json in the folder, found %s too".formatted(name));
            }
        }
    }

    /** The path of {@code tokenizer_config.json} if it does not exist. */
    public Optional<Path> missingConfig() {
        return config == NOTHING ? folder.map(path -> path.resolve(CONFIG)) : Optional.empty();
    }
}
