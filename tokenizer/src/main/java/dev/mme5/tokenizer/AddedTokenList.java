package dev.mme5.tokenizer;

import dev.mme5.json.JsonWriter;
import dev.mme5.json.ModelFormatException;
import dev.mme5.tokenizer.model.TokenTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The added tokens of a tokenizer while its files are read. A token keeps the flags with which it came first, and ids are as in transformers 5. */
final class AddedTokenList {
    private final Map<String, AddedToken> tokens = new LinkedHashMap<>();
    private final Map<String, Integer> writtenIds = new LinkedHashMap<>();
    private final Set<String> named = new HashSet<>();
    private final TokenTable model;
    private final int maxSize;
    private long totalLength;
    private int nextId;

    /**
     * @param written the added tokens of {@code tokenizer.json}, whose ids count; they are not yet in the list
     * @param maxSize ids of new tokens are below it
     */
    AddedTokenList(Collection<AddedToken> written, TokenTable model, int maxSize) {
        this.model = model;
        this.maxSize = maxSize;
        this.nextId = model.size();
        for (AddedToken token : written) {
            writtenIds.put(token.content(), token.id());
            nextId = Math.max(nextId, token.id() + 1);
        }
    }

    /** Adds tokens that have ids. */
    void addAll(Collection<AddedToken> more) {
        for (AddedToken token : more) put(token);
    }

    /** Replaces the flags of a token, or adds it. A token of the list that is special stays so. */
    void replace(AddedToken token, Function<String, ModelFormatException> error) {
        AddedToken first = tokens.get(token.content());
        if (idOf(token.content()) == TokenTable.ABSENT) add(token, error);
        else tokens.put(token.content(), first != null && first.special() ? token.asSpecial() : token);
    }

    /** The id of a token, which is the next one if it is new. */
    int idOrNext(String content) {
        int id = idOf(content);
        return id == TokenTable.ABSENT ? nextId : id;
    }

    /** Adds a token that a class has without being told, if the vocabulary has it. */
    void addUsual(String content) {
        named.add(content);
        int id = idOf(content);
        if (id != TokenTable.ABSENT) put(new AddedToken(id, content, false, false, false, false, true));
    }

    /** Adds a token, with the next id if there is no such token. The id that it came with does not count. */
    void add(AddedToken token, Function<String, ModelFormatException> error) {
        if (tokens.containsKey(token.content())) return;
        totalLength += token.content().length();
        if (totalLength > AddedTokenReader.MAX_TOTAL_LENGTH) throw error.apply(AddedTokenReader.TOTAL_LENGTH);
        int id = idOf(token.content());
        if (id == TokenTable.ABSENT && nextId >= maxSize) {
            throw error.apply("expected a token of tokenizer.json, found %s, and no id below %d is left for it"
                    .formatted(JsonWriter.quote(token.content()), maxSize));
        }
        put(token.withId(id == TokenTable.ABSENT ? nextId++ : id));
    }

    /** Adds a token that has a name, and is special for that. */
    void addNamed(AddedToken token, Function<String, ModelFormatException> error) {
        named.add(token.content());
        add(token, error);
    }

    private int idOf(String content) {
        return writtenIds.getOrDefault(content, model.id(content));
    }

    private void put(AddedToken token) {
        tokens.putIfAbsent(token.content(), token);
    }

    /** All of them. */
    List<AddedToken> tokens() {
        return new ArrayList<>(tokens.values());
    }

    /** All of them; those with names are special. */
    List<AddedToken> tokensWithSpecialNames() {
        return tokens.values().stream().map(token -> named.contains(token.content()) ? token.asSpecial() : token).toList();
    }
}
