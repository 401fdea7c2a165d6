package dev.mme5.server.api;

import dev.mme5.json.JsonWriter;
import dev.mme5.tokenizer.AddedToken;
import dev.mme5.tokenizer.Tokenizer;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The tokens of a text with their places in it, as Text Embeddings Inference lists them. Places count characters. A token that has none in
 * the text, such as one that the tokenizer adds, or a part of a character, has no place.
 */
final class TokenList {
    private TokenList() {}

    static void write(String text, boolean withSpecial, TextTokens tokens, JsonWriter json) {
        Tokenizer tokenizer = tokens.tokenizer();
        Map<Integer, AddedToken> special = tokenizer.addedTokens().stream()
                .filter(AddedToken::special)
                .collect(Collectors.toMap(AddedToken::id, Function.identity(), (first, second) -> first));
        int[] ids = withSpecial
                ? tokens.idsOf(Item.text("inputs", text, false), "", Integer.MAX_VALUE).ids()
                : tokenizer.encodeRawPlain("", text);
        json.beginArray();
        int place = 0;
        for (int id : ids) {
            boolean isSpecial = special.containsKey(id);
            String piece = tokenizer.decode(new int[] {id});
            int start = isSpecial ? -1 : find(text, piece, place);
            json.beginObject().member("id", id).member("text", piece).member("special", isSpecial);
            if (start < 0) {
                json.name("start").nullValue().name("stop").nullValue();
            } else {
                place = start + piece.length();
                json.member("start", text.codePointCount(0, start)).member("stop", text.codePointCount(0, place));
            }
            json.endObject();
        }
        json.endArray();
    }

    /** Where the piece follows what was found last, white space between them aside; -1 if it does not. */
    private static int find(String text, String piece, int place) {
        int start = place;
        while (start < text.length() && !text.startsWith(piece, start) && Character.isWhitespace(text.charAt(start))) start++;
        return !piece.isEmpty() && text.startsWith(piece, start) ? start : -1;
    }
}
