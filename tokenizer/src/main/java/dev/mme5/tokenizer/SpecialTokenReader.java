package dev.mme5.tokenizer;

import dev.mme5.json.Json;
import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.tokenizer.settings.TokenizerClass;
import dev.mme5.tokenizer.settings.TokenizerSettings;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
        ownNames().forEach((name, holder) -> addNamed(holder, name));
        addLists(settings.config(), settings.map());
    }

    /**
     * The file or object that has the token of each name of the folder's own. Names of {@code special_tokens_map.json} come first, but the
     * tokens of {@code tokenizer_config.json} count.
     */
    private Map<String, JsonObject> ownNames() {
        JsonObject config = settings.config();
        JsonObject map = settings.map();
        Map<String, JsonObject> holders = new LinkedHashMap<>();
        map.keys().stream().filter(key -> isOwnName(map, key)).forEach(key -> holders.put(key, map));
        List<String> ofConfig = config.keys().stream().filter(key -> isOwnName(config, key)).toList();
        ofConfig.forEach(key -> holders.put(key, config));
        if (config.get(extraKey(config)) instanceof JsonObject named) putAll(holders, named);
        else if (ofConfig.isEmpty() && config.has(NAMED)) putAll(holders, config.object(NAMED));
        if (map.get(EXTRA) instanceof JsonObject named) putAll(holders, named);
        return holders;
    }

    private static void putAll(Map<String, JsonObject> holders, JsonObject named) {
        for (String name : named.keys()) {
            if (NAMES.contains(name)) throw named.error(name, "expected names of the folder's own, found a usual one");
            holders.put(name, named);
        }
    }

    /**
     * The tokens that transformers 5 knows as special when it reads {@code added_tokens.json}: not those that {@code tokenizer_config.json}
     * has as objects, and not {@code additional_special_tokens} of {@code special_tokens_map.json}.
     */
    static Set<String> knownBeforeAdded(TokenizerSettings settings) {
        Set<String> tokens = new HashSet<>();
        for (String name : NAMES) addContent(tokens, settings.holder(name).get(name), settings.holder(name) == settings.map());
        JsonObject config = settings.config();
        Json ofConfig = config.get(extraKey(config));
        Json ofMap = settings.map().get(EXTRA);
        if (ofMap instanceof JsonArray list) addContents(tokens, list, true);
        if (ofConfig instanceof JsonArray list && (ofMap == null || ofMap instanceof JsonArray)) addContents(tokens, list, false);
        return tokens;
    }

    private static void addContents(Set<String> tokens, JsonArray list, boolean withObjects) {
        for (int i = 0; i < list.size(); i++) addContent(tokens, list.get(i), withObjects);
    }

    private static void addContent(Set<String> tokens, Json token, boolean withObjects) {
        if (token instanceof Json.Text text) tokens.add(text.value());
        else if (withObjects && token instanceof JsonObject entry && entry.get("content") instanceof Json.Text text)
            tokens.add(text.value());
    }

    private static String extraKey(JsonObject config) {
        return isEmpty(config.get(EXTRA)) && config.get(ADDITIONAL) != null ? ADDITIONAL : EXTRA;
    }

    private boolean isOwnName(JsonObject holder, String key) {
        if (!key.endsWith("_token") || NAMES.contains(key)) return false;
        return holder.get(key) instanceof Json.Text
                || holder.get(key) instanceof JsonObject entry && (holder == settings.map() || entry.has("__type"));
    }

    /** Which of the lists count is decided by the presence of members, even of null. */
    private void addLists(JsonObject config, JsonObject map) {
        String key = extraKey(config);
        boolean isReplaced = map.get(EXTRA) != null && !(map.get(EXTRA) instanceof JsonArray);
        if (!isReplaced) addList(config, key);
        if (map.get(EXTRA) != null) addList(map, EXTRA);
        else if (config.get(key) == null || config.get(key) instanceof JsonObject) addList(map, ADDITIONAL);
    }

    private static boolean isEmpty(Json list) {
        return list == null || list instanceof Json.Null || list instanceof JsonArray array && array.size() == 0
                || list instanceof JsonObject object && object.keys().isEmpty();
    }

    /** An array of tokens. An object names its tokens, and was read with the names. */
    private void addList(JsonObject holder, String key) {
        if (!holder.has(key) || holder.get(key) instanceof JsonObject) return;
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
