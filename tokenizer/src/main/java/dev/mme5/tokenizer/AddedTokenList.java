package dev.mme5.tokenizer;

import dev.mme5.json.JsonWriter;
import dev.mme5.json.ModelFormatException;
import dev.mme5.tokenizer.model.TokenTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The added tokens of a tokenizer while its files are read. Flags and ids are as the tokenizers library gives them. */
final class AddedTokenList {
    private final Map<String, AddedToken> tokens = new LinkedHashMap<>();
    private final TokenTable model;
    private final int maxSize;
    private long totalLength;
    private int nextId;

    /** @param maxSize ids of new tokens are below it */
    AddedTokenList(TokenTable model, int maxSize) {
        this.model = model;
        this.maxSize = maxSize;
        this.nextId = model.size();
    }

    /** The id of a token, which is the next one if it is new. */
    int idOrNext(String content) {
        int id = idOf(content);
        return id == TokenTable.ABSENT ? nextId : id;
    }

    /** The tokens so far. */
    Set<String> contents() {
        return Set.copyOf(tokens.keySet());
    }

    /**
     * Adds a token, with the next id if there is no such token, or replaces the flags of the one that is there; a special token stays so.
     * The id that it came with does not count.
     *
     * @throws ModelFormatException if there is no id for it, or all tokens together are too long
     */
    void put(AddedToken token, Function<String, ModelFormatException> error) {
        totalLength += token.content().length();
        if (totalLength > AddedTokenReader.MAX_TOTAL_LENGTH) throw error.apply(AddedTokenReader.TOTAL_LENGTH);
        if (idOf(token.content()) == TokenTable.ABSENT && nextId >= maxSize) {
            throw error.apply("expected a token of tokenizer.json, found %s, and no id below %d is left for it"
                    .formatted(JsonWriter.quote(token.content()), maxSize));
        }
        putUnlimited(token);
    }

    /** Adds a token that a class has without being told. If no id is left for it, it is text, but its id is not given to another one. */
    void putUsual(AddedToken token) {
        if (idOf(token.content()) == TokenTable.ABSENT && nextId >= maxSize) nextId++;
        else putUnlimited(token);
    }

    /** Adds a token of {@code tokenizer.json}, whose ids have no limit here. */
    void putUnlimited(AddedToken token) {
        int id = idOf(token.content());
        AddedToken known = tokens.get(token.content());
        AddedToken now = token.withId(id == TokenTable.ABSENT ? nextId++ : id);
        tokens.put(token.content(), known != null && known.special() ? now.asSpecial() : now);
    }

    private int idOf(String content) {
        AddedToken known = tokens.get(content);
        return known != null ? known.id() : model.id(content);
    }

    /** All of them. */
    List<AddedToken> tokens() {
        return new ArrayList<>(tokens.values());
    }
}
