package dev.mme5.tokenizer;

import dev.mme5.tokenizer.common.Utf8;
import dev.mme5.tokenizer.normalizer.Normalizer;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;

/**
 * Finds the places of tokens in a text that was normalised before it was split. Each character of a word is normalised alone, or each
 * user-perceived one (grapheme), which tells where each normalised character comes from. Tokens are compared with them from the beginning
 * of the word up to the first that is not there, such as an unknown one, and from its end down to the last such: so no place is a guess.
 */
final class TokenPlaces {
    private static final String METASPACE = "\u2581";

    private final String text;
    private final EncodedText encoded;
    private final int[] ids;
    private final Normalizer normalizer;
    private final IntFunction<String> tokens;
    private final String prefix;
    private final int[] places;
    private final Map<String, String> characters = new HashMap<>();   // normalised

    /**
     * @param encoded the ids of the text, and of what stands around it
     * @param tokens the text of an id as it is in the vocabulary; null for one that is never searched for
     * @param prefix of tokens that continue a word
     */
    TokenPlaces(String text, EncodedText encoded, Normalizer normalizer, IntFunction<String> tokens, String prefix) {
        this.text = text;
        this.encoded = encoded;
        this.ids = encoded.ids();
        this.normalizer = normalizer;
        this.tokens = tokens;
        this.prefix = prefix;
        this.places = new int[2 * ids.length];
        Arrays.fill(places, -1);
    }

    /**
     * For each id, the index of its first char and that behind its last one; -1 twice if it is not in the text.
     *
     * @param encoder the ids of a text alone: words mostly have the same ids alone as in their text
     */
    int[] find(Function<String, int[]> encoder) {
        int next = encoded.from();
        for (int from = endOf(true, 0); from < text.length(); from = endOf(true, from)) {
            int to = endOf(false, from);
            int[] own = encoder.apply(text.substring(from, to));
            while (!follow(own, next) && next < encoded.to() && isBlank(ids[next])) next++;
            if (!follow(own, next)) {
                align(from, text.length(), next, encoded.to());
                return places;
            }
            alignParts(from, to, next, own.length, encoder);
            next += own.length;
            from = to;
        }
        return places;
    }

    private boolean follow(int[] own, int next) {
        return own.length <= encoded.to() - next && Arrays.equals(ids, next, next + own.length, own, 0, own.length);
    }

    private boolean isBlank(int id) {
        String token = tokens.apply(id);
        return token != null && visible(token).isEmpty();
    }

    /** The end of the white space, or of the word, at a place. */
    private int endOf(boolean space, int from) {
        int end = from;
        while (end < text.length() && isSpace(text.charAt(end)) == space) end++;
        return end;
    }

    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    /** Finds the ids of a word: by its parts, if they have the same ids alone, so that an unknown one does not hide others. */
    private void alignParts(int from, int to, int firstId, int count, Function<String, int[]> encoder) {
        List<int[]> parts = new ArrayList<>();   // end in the text, end of its ids
        int next = firstId;
        for (int start = from, end; start < to; start = end) {
            end = endOfPart(start, to);
            if (end == to && start == from) break;
            int[] own = encoder.apply(text.substring(start, end));
            if (!follow(own, next)) break;
            next += own.length;
            parts.add(new int[] {end, next});
        }
        if (parts.isEmpty() || next != firstId + count || parts.getLast()[0] != to) {
            align(from, to, firstId, firstId + count);
            return;
        }
        int start = from;
        int id = firstId;
        for (int[] part : parts) {
            align(start, part[0], id, part[1]);
            start = part[0];
            id = part[1];
        }
    }

    /** The end of the letters, digits and marks at a place; of one character if it is none of these, or an ideograph. */
    private int endOfPart(int from, int to) {
        int end = from;
        while (end < to) {
            int c = text.codePointAt(end);
            boolean isAlone = Character.isIdeographic(c) || !Character.isLetterOrDigit(c) && !isMark(c);
            if (isAlone && end > from) return end;
            end += Character.charCount(c);
            if (isAlone) return end;
        }
        return end;
    }

    private static boolean isMark(int c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK || type == Character.ENCLOSING_MARK;
    }

    /** Finds the ids of a part of the text. */
    private void align(int from, int to, int firstId, int endId) {
        Word word = word(text.substring(from, to));
        if (word == null) return;
        String normal = word.normal();
        int i = firstId;
        int start = 0;
        for (int length; i < endId && (length = lengthAt(normal, start, ids[i])) >= 0; i++) {
            place(i, from, word, start, start + length);
            start += length;
        }
        if (i == endId && start < normal.length()) Arrays.fill(places, 2 * firstId, 2 * endId, -1);   // one only looks like its token
        int end = normal.length();
        for (int last = endId - 1; last > i; last--) {
            int length = lengthBefore(normal, start, end, ids[last]);
            if (length < 0) return;
            place(last, from, word, end - length, end);
            end -= length;
        }
    }

    private void place(int i, int from, Word word, int start, int end) {
        if (start == end) return;
        places[2 * i] = from + word.starts()[start];
        places[2 * i + 1] = from + word.ends()[end - 1];
    }

    /** The length of a token that stands there; -1 if it does not. */
    private int lengthAt(String normal, int start, int id) {
        String token = tokens.apply(id);
        if (token == null) return -1;
        String inside = visible(withoutPrefix(token));
        if (normal.startsWith(inside, start)) return inside.length();
        String whole = visible(token);
        return normal.startsWith(whole, start) ? whole.length() : -1;
    }

    /** The length of a token that ends there; -1 if it does not, or if both it and its end without the prefix do. */
    private int lengthBefore(String normal, int least, int end, int id) {
        String token = tokens.apply(id);
        if (token == null) return -1;
        String inside = visible(withoutPrefix(token));
        String whole = visible(token);
        int start = end - inside.length();
        if (start < least || !normal.startsWith(inside, start)) return -1;
        boolean isAmbiguous = whole.length() > inside.length() && normal.startsWith(whole, end - whole.length());
        return isAmbiguous ? -1 : inside.length();
    }

    private String withoutPrefix(String token) {
        return token.length() > prefix.length() && token.startsWith(prefix) ? token.substring(prefix.length()) : token;
    }

    private String normalized(String part) {
        byte[] utf8 = Utf8.encode(part);
        StringBuilder normal = new StringBuilder();
        normalizer.normalize(utf8, 0, utf8.length,
                (bytes, from, to) -> normal.append(Utf8.decode(Arrays.copyOfRange(bytes, from, to))));
        return visible(normal.toString());
    }

    /** Without white space and what stands for it. */
    private static String visible(String text) {
        StringBuilder rest = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isSpace(c) && c != METASPACE.charAt(0)) rest.append(c);
        }
        return rest.toString();
    }

    /**
     * A normalised part of the text.
     *
     * @param starts where in the part each char of {@code normal} comes from
     * @param ends the end of that
     */
    private record Word(String normal, int[] starts, int[] ends) {}

    /** By characters, or by graphemes where characters act on each other. Null if graphemes do: then the places are not sure. */
    private Word word(String part) {
        String normal = normalized(part);
        Word word = word(part, normal, from -> from + Character.charCount(part.codePointAt(from)));
        if (word != null) return word;
        BreakIterator graphemes = BreakIterator.getCharacterInstance(Locale.ROOT);
        graphemes.setText(part);
        return word(part, normal, from -> graphemes.next());
    }

    /** Null if the normalised pieces are not the normalised part. */
    private Word word(String part, String normal, IntUnaryOperator endOfPiece) {
        int[] starts = new int[normal.length()];
        int[] ends = new int[normal.length()];
        int done = 0;
        for (int from = 0, to; from < part.length(); from = to) {
            to = endOfPiece.applyAsInt(from);
            String piece = part.substring(from, to);
            String normalPiece = to - from <= 2 ? characters.computeIfAbsent(piece, this::normalized) : normalized(piece);
            if (!normal.startsWith(normalPiece, done)) return null;
            Arrays.fill(starts, done, done + normalPiece.length(), from);
            Arrays.fill(ends, done, done + normalPiece.length(), to);
            done += normalPiece.length();
        }
        return done == normal.length() ? new Word(normal, starts, ends) : null;
    }
}
