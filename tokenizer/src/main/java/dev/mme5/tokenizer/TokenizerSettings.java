package dev.mme5.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import dev.mme5.json.RawMemberReader;
import dev.mme5.tokenizer.common.TokenizerFiles;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The files of settings beside {@code tokenizer.json}, as transformers 5 reads them: each may be missing, members of
 * {@code special_tokens_map.json} count before those of {@code tokenizer_config.json}, and if the latter has
 * {@code added_tokens_decoder}, it is the only one.
 *
 * @param config {@code tokenizer_config.json}
 * @param map {@code special_tokens_map.json}; without members if it does not count
 * @param added {@code added_tokens.json}, ids by token; without members if it does not count
 * @param missingConfig the path of {@code tokenizer_config.json} if it does not exist
 */
record TokenizerSettings(JsonObject config, JsonObject map, JsonObject added, Optional<Path> missingConfig) {
    static final String CONFIG = "tokenizer_config.json";

    /** Added tokens by id, in {@code tokenizer_config.json}. */
    static final String DECODER = "added_tokens_decoder";

    private static final JsonObject NOTHING = (JsonObject) JsonReader.parse("{}".getBytes(UTF_8), CONFIG);

    /** Of a {@code tokenizer.json} that is read alone. */
    static final TokenizerSettings NONE = new TokenizerSettings(NOTHING, NOTHING, NOTHING, Optional.empty());

    /** @throws dev.mme5.json.ModelFormatException if a file is damaged or leads out of the folder */
    static TokenizerSettings read(Path folder) {
        JsonObject config = optional(folder, CONFIG);
        boolean isOnly = config.has(DECODER);
        return new TokenizerSettings(config,
                isOnly ? NOTHING : optional(folder, TextSettings.SPECIAL_TOKENS),
                isOnly ? NOTHING : optional(folder, TextSettings.ADDED_TOKENS),
                config == NOTHING ? Optional.of(folder.resolve(CONFIG)) : Optional.empty());
    }

    private static JsonObject optional(Path folder, String name) {
        Path file = folder.resolve(name);
        return TextSettings.isPresent(file)
                ? JsonReader.readObject(file, TokenizerFiles.checked(folder, file), RawMemberReader.NONE)
                : NOTHING;
    }

    /** The file whose member of that name counts. */
    JsonObject holder(String key) {
        return map.keys().contains(key) ? map : config;
    }
}
