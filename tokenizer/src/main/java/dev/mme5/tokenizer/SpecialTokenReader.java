package dev.mme5.tokenizer;

import dev.mme5.json.Json;
import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.json.ModelFormatException;
import dev.mme5.tokenizer.settings.TokenizerClass;
import dev.mme5.tokenizer.settings.TokenizerSettings;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

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

    /**
     * A token that is added if no file has it as an added token.
     *
     * @param isText whether it is only a string, and has no flags of its own
     * @param isUsual whether no file says it
     */
    private record Candidate(AddedToken token, boolean isText, boolean isUsual) {}

    private final TokenizerSettings settings;
    private final Map<Candidate, Function<String, ModelFormatException>> candidates = new LinkedHashMap<>();
    private final Set<String> named = new HashSet<>();

    private SpecialTokenReader(TokenizerSettings settings) {
        this.settings = settings;
    }

    /**
     * @param paddingToken gives the pad_token if the settings have none; else it is not read
     * @throws ModelFormatException if a token is not a string or an object, or is empty or too long
     */
    static SpecialTokenReader read(TokenizerSettings settings, TokenizerClass tokenizerClass, Supplier<Optional<String>> paddingToken) {
        SpecialTokenReader reader = new SpecialTokenReader(settings);
        for (String name : NAMES) {
            JsonObject holder = settings.holder(name);
            if (holder.has(name)) {
                reader.addNamed(holder, name);
            } else if (!holder.keys().contains(name)) {
                tokenizerClass.usualToken(name).ifPresent(reader::addUsual);
                if (name.equals("pad_token")) paddingToken.get().ifPresent(reader::addUsual);
            }
        }
        reader.ownNames().forEach((name, holder) -> reader.addNamed(holder, name));
        reader.addLists(settings.config(), settings.map());
        return reader;
    }

    /** The tokens that have names. */
    Set<String> named() {
        return named;
    }

    /** Adds the tokens that the list lacks. Of several with one content the first decides about the id, the last about the flags. */
    void addTo(AddedTokenList list) {
        Set<String> known = list.contents();
        candidates.forEach((candidate, error) -> {
            AddedToken token = candidate.token();
            if (known.contains(token.content())) return;
            if (candidate.isUsual()) list.putUsual(token);
            else list.put(named.contains(token.content()) ? token.asSpecial() : token, error);
        });
    }

    /**
     * The file or object that has the token of each name of the folder's own: first those with flags and those of
     * {@code special_tokens_map.json}, then strings and objects of {@code tokenizer_config.json}, whose tokens count.
     */
    private Map<String, JsonObject> ownNames() {
        JsonObject config = settings.config();
        JsonObject map = settings.map();
        Map<String, JsonObject> holders = new LinkedHashMap<>();
        config.keys().stream().filter(key -> isOwnName(config, key) && config.get(key) instanceof JsonObject)
                .forEach(key -> holders.put(key, config));
        map.keys().stream().filter(key -> isOwnName(map, key)).forEach(key -> holders.put(key, map));
        Map<String, JsonObject> explicit = new LinkedHashMap<>();
        config.keys().stream().filter(key -> isOwnName(config, key) && config.get(key) instanceof Json.Text)
                .forEach(key -> explicit.put(key, config));
        if (config.get(extraKey(config)) instanceof JsonObject tokens) putAll(explicit, tokens);
        if (explicit.isEmpty() && config.has(NAMED)) putAll(explicit, config.object(NAMED));
        if (map.get(EXTRA) instanceof JsonObject tokens) putAll(explicit, tokens);
        holders.putAll(explicit);
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

    /** Which of the lists count is decided by the presence of members, even of null. An object names its tokens, and is no list. */
    private void addLists(JsonObject config, JsonObject map) {
        String key = extraKey(config);
        boolean hasExtra = config.get(key) != null && !(config.get(key) instanceof JsonObject);
        if (map.has(EXTRA) && !(map.get(EXTRA) instanceof JsonObject)) {
            if (hasExtra) addList(config, key);
            addList(map, EXTRA);
        } else if (map.get(EXTRA) == null && hasExtra) {
            addList(config, key);
        } else if (!(map.get(EXTRA) instanceof Json.Null)) {
            JsonObject holder = map.get(ADDITIONAL) != null ? map : config;
            if (holder == map || key.equals(EXTRA)) addList(holder, ADDITIONAL);
        }
    }

    private static boolean isEmpty(Json list) {
        return list == null || list instanceof Json.Null || list instanceof JsonArray array && array.size() == 0
                || list instanceof JsonObject object && object.keys().isEmpty();
    }

    private void addList(JsonObject holder, String key) {
        if (!holder.has(key)) return;
        JsonArray list = holder.array(key);
        for (int i = 0; i < list.size(); i++) {
            int index = i;
            if (list.get(i) instanceof JsonObject entry) {
                AddedToken token = AddedTokenReader.addedToken(entry, 0, holder == settings.map());
                candidates.putIfAbsent(new Candidate(token, false, false), problem -> entry.error("content", problem));
            } else {
                addText(list.text(i), problem -> list.error(index, problem));
            }
        }
    }

    private void addNamed(JsonObject holder, String key) {
        Function<String, ModelFormatException> error = problem -> holder.error(key, problem);
        if (holder.get(key) instanceof JsonObject entry) {
            AddedToken token = AddedTokenReader.addedToken(entry, 0, true);
            named.add(token.content());
            candidates.putIfAbsent(new Candidate(token, false, false), error);
        } else {
            named.add(holder.text(key));
            addText(holder.text(key), error);
        }
    }

    private void addText(String content, Function<String, ModelFormatException> error) {
        candidates.putIfAbsent(new Candidate(AddedTokenReader.special(content, error), true, false), error);
    }

    private void addUsual(String content) {
        named.add(content);
        candidates.putIfAbsent(new Candidate(new AddedToken(0, content, false, false, false, false, true), true, true), null);
    }
}
