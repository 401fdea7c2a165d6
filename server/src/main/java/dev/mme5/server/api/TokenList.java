package dev.mme5.server.api;

import dev.mme5.json.JsonWriter;
import dev.mme5.tokenizer.AddedToken;
import dev.mme5.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The tokens of a text with their places in it, as Text Embeddings Inference lists them. Places count characters. A token that is not in the
 * text, such as one that the tokenizer adds or one of normalised text, has no place.
 */
final class TokenList {
    /** A character has at most four bytes, a token at least one, and a token may begin in the middle of one. */
    private static final int MAX_PARTS = 8;

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
        for (int i = 0, next; i < ids.length; i = next) {
            next = i + 1;
            boolean isSpecial = special.containsKey(ids[i]);
            int start = isSpecial ? -1 : find(text, tokenizer.decode(new int[] {ids[i]}), place);
            // Several tokens can be one character; then each has the place of all.
            while (start < 0 && !isSpecial && next < ids.length && next < i + MAX_PARTS) {
                start = find(text, tokenizer.decode(Arrays.copyOfRange(ids, i, ++next)), place);
            }
            if (start < 0) next = i + 1;
            int stop = start < 0 ? -1 : start + tokenizer.decode(Arrays.copyOfRange(ids, i, next)).length();
            for (int part = i; part < next; part++) {
                json.beginObject().member("id", ids[part]).member("text", tokenizer.decode(new int[] {ids[part]})).member("special",
                        isSpecial);
                writePlace(text, start, stop, json);
                json.endObject();
            }
            if (start >= 0) place = stop;
        }
        json.endArray();
    }

    private static void writePlace(String text, int start, int stop, JsonWriter json) {
        if (start < 0) json.name("start").nullValue().name("stop").nullValue();
        else json.member("start", text.codePointCount(0, start)).member("stop", text.codePointCount(0, stop));
    }

    /** Where the piece follows what was found last, white space between them aside; -1 if it does not. */
    private static int find(String text, String piece, int place) {
        int start = place;
        while (start < text.length() && !text.startsWith(piece, start) && Character.isWhitespace(text.charAt(start))) start++;
        return !piece.isEmpty() && text.startsWith(piece, start) ? start : -1;
    }
}
