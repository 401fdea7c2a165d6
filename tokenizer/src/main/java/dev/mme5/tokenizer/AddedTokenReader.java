package dev.mme5.tokenizer;

import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonWriter;
import dev.mme5.json.ModelFormatException;
import dev.mme5.tokenizer.model.TokenTable;
import dev.mme5.tokenizer.model.VocabularyReader;
import dev.mme5.tokenizer.settings.TokenContent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** Reads {@code added_tokens}. Together with the tokens of the model, every id must have one token and every token one id. */
final class AddedTokenReader {
    /** Maximum number of characters of all added tokens; known tokenizers have fewer than a hundred thousand. */
    static final int MAX_TOTAL_LENGTH = 1_000_000;

    static final String TOTAL_LENGTH = "expected at most " + MAX_TOTAL_LENGTH + " characters in all added tokens";

    private AddedTokenReader() {}

    /** @throws ModelFormatException if an id is out of range or not unique, or a token is too long or has two ids */
    static List<AddedToken> read(JsonArray entries, TokenTable model) {
        List<AddedToken> added = new ArrayList<>();
        Map<Integer, AddedToken> byId = new HashMap<>();
        Map<String, AddedToken> byContent = new HashMap<>();
        long totalLength = 0;
        for (int i = 0; i < entries.size(); i++) {
            JsonObject entry = entries.object(i);
            AddedToken token = addedToken(entry, VocabularyReader.readId(entry, "id"));
            totalLength += token.content().length();
            if (totalLength > MAX_TOTAL_LENGTH) throw entries.error(i, TOTAL_LENGTH);
            AddedToken sameId = byId.putIfAbsent(token.id(), token);
            if (sameId != null) throw entries.error(i, VocabularyReader.idTaken(token.id(), sameId.content()));
            AddedToken sameContent = byContent.putIfAbsent(token.content(), token);
            if (sameContent != null) throw entries.error(i, twoIds(token, sameContent.id()));

            // The model may contain it too, but only as the same token with the same id.
            int idInModel = model.id(token.content());
            if (idInModel != token.id()) {
                if (model.has(token.id())) throw entries.error(i, VocabularyReader.idTaken(token.id(), model.token(token.id())));
                if (idInModel != TokenTable.ABSENT) throw entries.error(i, twoIds(token, idInModel));
            }
            added.add(token);
        }
        return added;
    }

    /**
     * Reads {@code added_tokens_decoder} of {@code tokenizer_config.json}: added tokens by id.
     *
     * @param named tokens that have names, and are special for that
     * @throws ModelFormatException if the list has another id for a token, or the token is new and the id not the next one
     */
    static void readDecoder(JsonObject decoder, Set<String> named, AddedTokenList list) {
        List<String> keys = new ArrayList<>(decoder.keys());
        keys.sort(Comparator.comparing(String::length).thenComparing(Comparator.naturalOrder()));   // as numbers
        long totalLength = 0;
        for (String key : keys) {
            JsonObject entry = decoder.object(key);
            String content = TokenContent.of(entry);
            totalLength += content.length();
            if (totalLength > MAX_TOTAL_LENGTH) throw decoder.error(key, TOTAL_LENGTH);
            int id = list.idOrNext(content);
            if (!key.equals(String.valueOf(id))) {
                throw entry.error("content",
                        "expected the token with id %s, found %s, whose id is %d".formatted(key, JsonWriter.quote(content), id));
            }
            list.put(addedToken(entry, id, named.contains(content)), problem -> entry.error("content", problem));
        }
    }

    /**
     * Adds the tokens of {@code tokenizer.json} together with those of {@code added_tokens.json}, ids by token, as transformers 5 does. Of
     * two with one id that of {@code tokenizer.json} counts. The ids only give the order: the list decides about those of new tokens.
     *
     * @param written the tokens of {@code tokenizer.json}
     * @param special the tokens that are special, and so not normalized
     * @param named tokens that have names, and are special for that
     */
    static void readLegacy(JsonObject added, List<AddedToken> written, Set<String> special, Set<String> named, AddedTokenList list) {
        TreeMap<Integer, String> byId = new TreeMap<>();
        Map<Integer, AddedToken> writtenById = new HashMap<>();
        for (String content : added.keys()) {
            if (content.isEmpty()) throw added.error("", "expected tokens with at least one character, found \"\"");
            byId.put(VocabularyReader.readId(added, content), content);
        }
        for (AddedToken token : written) {
            byId.put(token.id(), token.content());
            writtenById.put(token.id(), token);
        }
        byId.forEach((id, content) -> {
            AddedToken token = writtenById.get(id);
            if (token != null) {
                list.putUnlimited(named.contains(content) ? token.asSpecial() : token);
                return;
            }
            boolean isSpecial = special.contains(content);
            Function<String, ModelFormatException> error = problem -> added.error(content, problem);
            token = new AddedToken(0, TokenContent.checked(content, error), false, false, false, !isSpecial, isSpecial);
            list.put(named.contains(content) ? token.asSpecial() : token, error);
        });
    }

    /** A special token that is only a string. */
    static AddedToken special(String content, Function<String, ModelFormatException> error) {
        return new AddedToken(0, TokenContent.checked(content, error), false, false, false, false, true);
    }

    private static AddedToken addedToken(JsonObject entry, int id) {
        return addedToken(entry, id, false);
    }

    /** @param isSpecial whether it is special whatever its flags say */
    static AddedToken addedToken(JsonObject entry, int id, boolean isSpecial) {
        boolean special = isSpecial || entry.bool("special", false);
        return new AddedToken(id, TokenContent.of(entry), entry.bool("single_word", false), entry.bool("lstrip", false),
                entry.bool("rstrip", false), entry.bool("normalized", !special), special);
    }

    private static String twoIds(AddedToken token, int other) {
        return "%s has id %d here and %d elsewhere".formatted(JsonWriter.quote(token.content()), token.id(), other);
    }
}
