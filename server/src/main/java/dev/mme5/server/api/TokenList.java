package dev.mme5.server.api;

import dev.mme5.json.JsonWriter;
import dev.mme5.tokenizer.AddedToken;
import dev.mme5.tokenizer.EncodedText;
import dev.mme5.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The tokens of a text with their places in it, as Text Embeddings Inference lists them. Places count characters. A token that is not in
 * the text, such as one that the tokenizer adds or an unknown one, has no place. The list needs many times the memory of its text, so it
 * is written while it is made, in time that grows with the length of the text.
 */
final class TokenList {
    /** A character has at most four bytes, a token at least one, and a token may begin in the middle of one. */
    private static final int MAX_PARTS = 8;

    private static final int BUFFER = 1 << 13;

    private final String text;
    private final EncodedText encoded;
    private final int[] ids;
    private final Tokenizer tokenizer;
    private final Set<Integer> special;
    private final StringBuilder pending = new StringBuilder();
    private int place;
    private int pointsBeforePlace;
    private int wordAfterPlace;

    private TokenList(String text, EncodedText encoded, Tokenizer tokenizer) {
        this.text = text;
        this.encoded = encoded;
        this.ids = encoded.ids();
        this.tokenizer = tokenizer;
        this.special = tokenizer.addedTokens().stream().filter(AddedToken::special).map(AddedToken::id).collect(Collectors.toSet());
    }

    static TokenList of(String text, boolean withSpecial, TextTokens tokens) {
        return new TokenList(text, tokens.encode(text, withSpecial), tokens.tokenizer());
    }

    /** Writes the JSON array, once. */
    void writeTo(OutputStream out) throws IOException {
        pending.append('[');
        if (tokenizer.isByteLevel()) writeByteLevel(out);
        else writePlaced(out);
        pending.append(']');
        flush(out);
    }

    /** Writes tokens of normalised text. */
    private void writePlaced(OutputStream out) throws IOException {
        int[] places = tokenizer.places(text, encoded);
        int stop = 0;
        int stopPoint = 0;
        for (int i = 0; i < ids.length; i++) {
            int start = places[2 * i];
            if (start >= 0 && (start > place || places[2 * i + 1] > stop)) { // else of the same character as the last one
                stop = places[2 * i + 1];
                pointsBeforePlace += text.codePointCount(place, start);
                stopPoint = pointsBeforePlace + text.codePointCount(start, stop);
                place = start;
            }
            write(i, special.contains(ids[i]), start < 0 ? -1 : pointsBeforePlace, stopPoint);
            if (pending.length() > BUFFER) flush(out);
        }
    }

    private void writeByteLevel(OutputStream out) throws IOException {
        for (int i = 0, next; i < ids.length; i = next) {
            next = i + 1;
            boolean isSpecial = special.contains(ids[i]);
            int start = isSpecial ? -1 : find(tokenizer.decode(new int[] {ids[i]}));
            // Several tokens can be one character; then each has the place of all.
            while (start < 0 && !isSpecial && next < ids.length && next < i + MAX_PARTS) {
                start = find(tokenizer.decode(Arrays.copyOfRange(ids, i, ++next)));
            }
            if (start < 0) next = i + 1;
            write(i, next, start, isSpecial);
            if (pending.length() > BUFFER) flush(out);
        }
    }

    /** Writes the tokens of one place; without a place if it starts at -1. */
    private void write(int from, int to, int start, boolean isSpecial) {
        int startPoint = -1;
        if (start >= 0) { // counted on from the last place: from the beginning, it would take ever longer
            int stop = start + tokenizer.decode(Arrays.copyOfRange(ids, from, to)).length();
            startPoint = pointsBeforePlace + text.codePointCount(place, start);
            pointsBeforePlace = startPoint + text.codePointCount(start, stop);
            place = stop;
        }
        for (int i = from; i < to; i++) write(i, isSpecial, startPoint, pointsBeforePlace);
    }

    /** Writes one token; without a place if it starts at -1. */
    private void write(int i, boolean isSpecial, int start, int stop) {
        JsonWriter json = new JsonWriter().beginObject().member("id", ids[i]);
        json.member("text", tokenizer.decode(new int[] {ids[i]})).member("special", isSpecial);
        if (start < 0) json.name("start").nullValue().name("stop").nullValue();
        else json.member("start", start).member("stop", stop);
        if (i > 0) pending.append(',');
        pending.append(json.endObject());
    }

    private void flush(OutputStream out) throws IOException {
        if (Thread.currentThread().isInterrupted()) throw new InterruptedIOException("interrupted while tokens were listed");
        out.write(pending.toString().getBytes(StandardCharsets.UTF_8));
        pending.setLength(0);
    }

    /** Where the piece follows what was found last, white space between them aside; -1 if it does not. */
    private int find(String piece) {
        if (piece.isEmpty()) return -1;
        if (text.startsWith(piece, place)) return place;
        wordAfterPlace = endOfSpace(text, Math.max(place, wordAfterPlace));
        int space = endOfSpace(piece, 0);
        int start = wordAfterPlace - space;
        return space < piece.length() && start > place && text.startsWith(piece, start) ? start : -1;
    }

    private static int endOfSpace(String text, int from) {
        int end = from;
        while (end < text.length() && Character.isWhitespace(text.charAt(end))) end++;
        return end;
    }
}
