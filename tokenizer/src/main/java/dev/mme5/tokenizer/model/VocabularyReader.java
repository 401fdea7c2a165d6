package dev.mme5.tokenizer.model;

import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonWriter;
import dev.mme5.json.ModelFormatException;

/** Reads {@code model.vocab}, in which every id must have one token. */
public final class VocabularyReader {
    /** Maximum id, because tables are as long as the highest id. Known vocabularies have some hundred thousand tokens. */
    static final int MAX_ID = 10_000_000;

    private VocabularyReader() {}

    /** @throws ModelFormatException if an id is out of range or not unique */
    static TokenTable read(JsonObject vocab) {
        return read(vocab, new TokenTable());
    }

    /**
     * The same for tokens that are written as they are.
     *
     * @throws ModelFormatException if an id is out of range or not unique
     */
    static TokenTable readLiteral(JsonObject vocab) {
        return read(vocab, TokenTable.literal());
    }

    private static TokenTable read(JsonObject vocab, TokenTable tokens) {
        for (String token : vocab.keys()) {
            int id = readId(vocab, token);
            if (!tokens.put(id, token)) throw vocab.error(token, idTaken(id, tokens.token(id)));
        }
        tokens.buildIndex();   // finds no duplicates, because names in a JSON object are unique
        return tokens;
    }

    /**
     * Reads an id.
     *
     * @throws ModelFormatException if it is negative or above the maximum
     */
    public static int readId(JsonObject holder, String key) {
        long id = holder.longInteger(key);
        if (id < 0) throw holder.error(key, "id %d is negative".formatted(id));
        if (id > MAX_ID) throw holder.error(key, "id %d is beyond %d, the highest supported".formatted(id, MAX_ID));
        return (int) id;
    }

    /** Describes the problem of an id that another token already has. */
    public static String idTaken(int id, String owner) {
        return "id %d is already that of %s".formatted(id, JsonWriter.quote(owner));
    }
}
