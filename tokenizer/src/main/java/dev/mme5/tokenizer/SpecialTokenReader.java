package dev.mme5.tokenizer;

import dev.mme5.json.Json;
import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import java.util.List;

/**
 * Reads the special tokens that the settings of a folder name: those with a usual name, those with a name of the folder's own, such as
 * {@code image_token}, and lists of further ones. Adds them in the order of transformers 5, which decides about ids of new tokens.
 */
final class SpecialTokenReader {
    /** The usual names. */
    static final List<String> NAMES =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

    private static final String NAMED = "model_specific_special_tokens";
    private static final String EXTRA = "extra_special_tokens";
    private static final String ADDITIONAL = "additional_special_tokens";   // its name in transformers 4

    private final TokenizerSettings settings;
    private final AddedTokenList tokens;

    private SpecialTokenReader(TokenizerSettings settings, AddedTokenList tokens) {
        this.settings = settings;
        this.tokens = tokens;
    }

    /**
     * Adds the special tokens to those that were read before, whose flags stay.
     *
     * @throws dev.mme5.json.ModelFormatException if a token is not a string or an object, or is empty or too long
     */
    static void addTo(AddedTokenList tokens, TokenizerSettings settings, TokenizerClass tokenizerClass) {
        new SpecialTokenReader(settings, tokens).addAll(tokenizerClass);
    }

    private void addAll(TokenizerClass tokenizerClass) {
        for (String name : NAMES) {
            JsonObject holder = settings.holder(name);
            if (holder.has(name)) addNamed(holder, name);
            else tokenizerClass.usualToken(name).ifPresent(tokens::addUsual);
        }
        JsonObject config = settings.config();
        for (JsonObject holder : List.of(config, settings.map())) {
            for (String key : holder.keys()) {
                if (isOwnName(holder, key)) addNamed(holder, key);
            }
        }
        addList(config, NAMED);
        addLists(config, settings.map());
    }

    private boolean isOwnName(JsonObject holder, String key) {
        if (!key.endsWith("_token") || NAMES.contains(key)) return false;
        return holder.get(key) instanceof Json.Text
                || holder.get(key) instanceof JsonObject entry && (holder == settings.map() || entry.has("__type"));
    }

    /** Which of the lists count is decided by the presence of members, even of null. */
    private void addLists(JsonObject config, JsonObject map) {
        String key = isEmpty(config.get(EXTRA)) && config.get(ADDITIONAL) != null ? ADDITIONAL : EXTRA;
        boolean isReplaced = map.get(EXTRA) instanceof JsonObject && !(config.get(key) instanceof JsonObject);
        if (!isReplaced) addList(config, key);
        if (map.get(EXTRA) != null) addList(map, EXTRA);
        else if (config.get(key) == null || config.get(key) instanceof JsonObject) addList(map, ADDITIONAL);
    }

    private static boolean isEmpty(Json list) {
        return list == null || list instanceof Json.Null || list instanceof JsonArray array && array.size() == 0
                || list instanceof JsonObject object && object.keys().isEmpty();
    }

    /** An array of tokens, or an object that names them. */
    private void addList(JsonObject holder, String key) {
        if (!holder.has(key)) return;
        if (holder.get(key) instanceof JsonObject named) {
            for (String name : named.keys()) addNamed(named, name);
            return;
        }
        JsonArray list = holder.array(key);
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i) instanceof JsonObject entry) {
                AddedToken token = AddedTokenReader.addedToken(entry, 0, holder == settings.map());
                tokens.add(token, problem -> entry.error("content", problem));
            } else {
                int index = i;
                tokens.add(AddedTokenReader.special(list.text(i), problem -> list.error(index, problem)), p -> list.error(index, p));
            }
        }
    }

    private void addNamed(JsonObject holder, String key) {
        AddedToken token = holder.get(key) instanceof JsonObject entry
                ? AddedTokenReader.addedToken(entry, 0, holder == settings.map()).asSpecial()
                : AddedTokenReader.special(holder.text(key), problem -> holder.error(key, problem));
        tokens.addNamed(token, problem -> holder.error(key, problem));
    }
}
