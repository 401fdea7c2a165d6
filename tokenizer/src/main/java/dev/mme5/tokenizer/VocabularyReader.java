package dev.mme5.tokenizer;

import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonWriter;
import dev.mme5.json.ModelFormatException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes a {@link Vocabulary} of {@code model.vocab} and {@code added_tokens}, where every id has one token and every
 * token one id.
 */
final class VocabularyReader {
    /** Tables are as long as the highest id; known vocabularies have some hundred thousand. */
    static final int HIGHEST_ID = 10_000_000;

    /** Every place of a text is compared with the added tokens, so a long one would make encoding slow. */
    private static final int LONGEST_ADDED = 1000;

    /** Characters of all added tokens together; known tokenizers have less than a hundred thousand. */
    private static final int MOST_ADDED = 1_000_000;

    private VocabularyReader() {}

    /**
     * {@code model.vocab}.
     *
     * @throws ModelFormatException when an id is unusable or not unique
     */
    static TokenTable tokens(JsonObject vocab) {
        TokenTable tokens = new TokenTable();
        for (String token : vocab.keys()) {
            int id = id(vocab, token);
            if (!tokens.put(id, token)) throw vocab.error(token, takenBy(tokens.token(id), id));
        }
        tokens.index();   // no two are the same: they are names of one object
        return tokens;
    }

    /**
     * The model's tokens and {@code added_tokens}.
     *
     * @throws ModelFormatException when an id is unusable or not unique, or a byte has no token
     */
    static Vocabulary read(TokenTable model, JsonArray addedTokens, JsonObject vocab) {
        Vocabulary vocabulary = new Vocabulary(model, added(addedTokens, model));
        for (int b = 0; b < 256; b++) {
            String character = String.valueOf(ByteAlphabet.character(b));
            if (model.id(character) == TokenTable.ABSENT) {
                String problem = "no token %s for byte %d: expected one for each of the 256 bytes";
                throw new ModelFormatException(vocab.source(), vocab.location(), problem.formatted(JsonWriter.quote(character), b));
            }
        }
        return vocabulary;
    }

    private static List<AddedToken> added(JsonArray entries, TokenTable model) {
        List<AddedToken> added = new ArrayList<>();
        Map<Integer, AddedToken> byId = new HashMap<>();
        Map<String, AddedToken> byContent = new HashMap<>();
        long characters = 0;
        for (int i = 0; i < entries.size(); i++) {
            AddedToken token = addedToken(entries.object(i));
            characters += token.content().length();
            if (characters > MOST_ADDED) throw entries.error(i, "expected at most " + MOST_ADDED + " characters in all added tokens");
            AddedToken sameId = byId.putIfAbsent(token.id(), token);
            if (sameId != null) throw entries.error(i, takenBy(sameId.content(), token.id()));
            AddedToken sameContent = byContent.putIfAbsent(token.content(), token);
            if (sameContent != null) throw entries.error(i, twoIds(token, sameContent.id()));

            // It may stand in the vocabulary too, as the same token.
            int sameInModel = model.id(token.content());
            if (sameInModel != token.id()) {
                if (model.has(token.id())) throw entries.error(i, takenBy(model.token(token.id()), token.id()));
                if (sameInModel != TokenTable.ABSENT) throw entries.error(i, twoIds(token, sameInModel));
            }
            added.add(token);
        }
        return added;
    }

    private static AddedToken addedToken(JsonObject entry) {
        String content = entry.text("content");
        if (content.isEmpty()) throw entry.error("content", "is empty");
        if (content.length() > LONGEST_ADDED) {
            throw entry.error("content", "expected at most %d characters, found %d".formatted(LONGEST_ADDED, content.length()));
        }
        boolean special = entry.bool("special", false);
        return new AddedToken(id(entry, "id"), content, entry.bool("single_word", false), entry.bool("lstrip", false),
                entry.bool("rstrip", false), entry.bool("normalized", !special), special);
    }

    private static int id(JsonObject holder, String key) {
        long id = holder.longInteger(key);
        if (id < 0) throw holder.error(key, "id %d is negative".formatted(id));
        if (id > HIGHEST_ID) throw holder.error(key, "id %d is beyond %d, the highest supported".formatted(id, HIGHEST_ID));
        return (int) id;
    }

    private static String takenBy(String owner, int id) {
        return "id %d is already that of %s".formatted(id, JsonWriter.quote(owner));
    }

    private static String twoIds(AddedToken token, int other) {
        return "%s has id %d here and %d elsewhere".formatted(JsonWriter.quote(token.content()), token.id(), other);
    }
}
