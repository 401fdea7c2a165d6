package dev.mme5.tokenizer;

import static dev.mme5.tokenizer.CodePointKind.LETTER;
import static dev.mme5.tokenizer.CodePointKind.NUMBER;
import static dev.mme5.tokenizer.CodePointKind.OTHER;
import static dev.mme5.tokenizer.CodePointKind.SPACE;

/**
 * Cuts text into pieces as Llama 3's pattern does: the pieces are its successive matches, and they cover everything.
 * The pattern is written out by hand, in one pass over UTF-8, because a general regex engine is an order of magnitude
 * slower.
 *
 * <p>Stage 2 of 4 of encoding. In: UTF-8 between added tokens. Out: ends of pieces, for {@link BytePairEncoder}.
 */
final class Llama3PreTokenizer {
    /** The one pattern that this class is. Alternatives in order, Perl semantics, Unicode classes. */
    static final String PATTERN = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    private static final int LONG_S = 0x17F;
    private static final int MOST_DIGITS = 3;

    private Llama3PreTokenizer() {}

    /**
     * Where the piece ends that starts at {@code from}.
     *
     * @param utf8 well-formed
     * @param from start of a code point, less than {@code to}
     * @param to where the text ends, for the pattern's look-ahead too
     */
    static int endOfPiece(byte[] utf8, int from, int to) {
        byte first = utf8[from];
        if (first == '\'') {
            int end = endOfContraction(utf8, from, to);
            if (end > from) return end;
        }

        int kind = kind(utf8, from);
        int next = from + Utf8.length(first);
        if (kind == LETTER) return endOfRun(LETTER, utf8, next, to);
        if (kind == NUMBER) return endOfDigits(utf8, next, to);

        int nextKind = next < to ? kind(utf8, next) : SPACE;   // at the end nothing can join, as before a space
        if (nextKind == LETTER && !isNewline(first)) return endOfRun(LETTER, utf8, next, to);
        if (kind == OTHER || first == ' ' && nextKind == OTHER) {
            return endOfNewlines(utf8, endOfRun(OTHER, utf8, next, to), to);
        }
        return endOfSpace(utf8, from, to);
    }

    /** {@code (?i:'s|'t|'re|'ve|'m|'ll|'d)}; {@code from} when it does not match there. */
    private static int endOfContraction(byte[] utf8, int from, int to) {
        int second = from + 1 < to ? lowerCase(Utf8.codePoint(utf8, from + 1)) : 0;
        int third = from + 2 < to ? lowerCase(utf8[from + 2]) : 0;
        return switch (second) {
            case 's', 't', 'm', 'd' -> from + 2;
            case LONG_S -> from + 3;   // two bytes; the only non-ASCII letter that folds to one of the pattern's
            case 'r', 'v' -> third == 'e' ? from + 3 : from;
            case 'l' -> third == 'l' ? from + 3 : from;
            default -> from;
        };
    }

    private static int lowerCase(int c) {
        return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
    }

    /** The rest of {@code \p{N}{1,3}} after its first. */
    private static int endOfDigits(byte[] utf8, int from, int to) {
        int at = from;
        for (int digits = 1; digits < MOST_DIGITS && at < to && kind(utf8, at) == NUMBER; digits++) {
            at += Utf8.length(utf8[at]);
        }
        return at;
    }

    /** {@code \s*[\r\n]+|\s+(?!\S)|\s+}: up to the last newline, else all but the last before a word, else all. */
    private static int endOfSpace(byte[] utf8, int from, int to) {
        int at = from;
        int last = from;          // start of the last space seen
        int afterNewline = from;  // end of the last newline seen
        while (at < to && kind(utf8, at) == SPACE) {
            last = at;
            at += Utf8.length(utf8[at]);
            if (isNewline(utf8[last])) afterNewline = at;
        }
        if (afterNewline > from) return afterNewline;
        return at < to && last > from ? last : at;
    }

    private static int endOfNewlines(byte[] utf8, int from, int to) {
        int at = from;
        while (at < to && isNewline(utf8[at])) at++;
        return at;
    }

    private static int endOfRun(int kind, byte[] utf8, int from, int to) {
        int at = from;
        while (at < to && kind(utf8, at) == kind) at += Utf8.length(utf8[at]);
        return at;
    }

    private static boolean isNewline(byte b) {
        return b == '\n' || b == '\r';
    }

    private static int kind(byte[] utf8, int at) {
        return CodePointKind.of(Utf8.codePoint(utf8, at));
    }
}
