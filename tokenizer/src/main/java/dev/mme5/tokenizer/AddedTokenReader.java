package dev.mme5.tokenizer;

import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonWriter;
import dev.mme5.json.ModelFormatException;
import dev.mme5.tokenizer.model.TokenTable;
import dev.mme5.tokenizer.model.VocabularyReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code added_tokens}. Together with the tokens of the model, every id must have one token and every token one id. */
final class AddedTokenReader {
    /** Maximum length of an added token, in characters. Encoding compares every offset of a text with them, to their end. */
    private static final int MAX_LENGTH = 1000;

    /** Maximum number of characters of all added tokens; known tokenizers have fewer than a hundred thousand. */
    private static final int MAX_TOTAL_LENGTH = 1_000_000;

    private AddedTokenReader() {}

    /** @throws ModelFormatException if an id is out of range or not unique, or a token is too long or has two ids */
    static List<AddedToken> read(JsonArray entries, TokenTable model) {
        List<AddedToken> added = new ArrayList<>();
        Map<Integer, AddedToken> byId = new HashMap<>();
        Map<String, AddedToken> byContent = new HashMap<>();
        long totalLength = 0;
        for (int i = 0; i < entries.size(); i++) {
            AddedToken token = addedToken(entries.object(i));
            totalLength += token.content().length();
            if (totalLength > MAX_TOTAL_LENGTH) {
                throw entries.error(i, "expected at most " + MAX_TOTAL_LENGTH + " characters in all added tokens");
            }
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

    private static AddedToken addedToken(JsonObject entry) {
        String content = entry.text("content");
        if (content.isEmpty()) throw entry.error("content", "is empty");
        if (content.length() > MAX_LENGTH) {
            throw entry.error("content", "expected at most %d characters, found %d".formatted(MAX_LENGTH, content.length()));
        }
        boolean special = entry.bool("special", false);
        return new AddedToken(VocabularyReader.readId(entry, "id"), content, entry.bool("single_word", false),
                entry.bool("lstrip", false), entry.bool("rstrip", false), entry.bool("normalized", !special), special);
    }

    private static String twoIds(AddedToken token, int other) {
        return "%s has id %d here and %d elsewhere".formatted(JsonWriter.quote(token.content()), token.id(), other);
    }
}
