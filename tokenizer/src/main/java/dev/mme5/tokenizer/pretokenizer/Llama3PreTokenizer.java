package dev.mme5.tokenizer.pretokenizer;

import static dev.mme5.tokenizer.common.CodePointKind.LETTER;
import static dev.mme5.tokenizer.common.CodePointKind.NUMBER;
import static dev.mme5.tokenizer.common.CodePointKind.OTHER;
import static dev.mme5.tokenizer.common.CodePointKind.SPACE;

import dev.mme5.tokenizer.common.CodePointKind;
import dev.mme5.tokenizer.common.SpanHandler;
import dev.mme5.tokenizer.common.Utf8;

/**
 * Splits text into pieces by the pattern of Llama 3. The pieces are the successive matches of the pattern and cover the text. The
 * pattern is implemented by hand, in one pass over UTF-8, because a general regex engine is an order of magnitude slower.
 */
public final class Llama3PreTokenizer implements PreTokenizer {
    /** The pattern that this class implements: alternatives in order, Perl semantics, Unicode classes. */
    public static final String PATTERN = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    private static final int LONG_S = 0x17F;
    private static final int MAX_DIGITS = 3;

    @Override
    public void split(byte[] utf8, int from, int to, int leading, SpanHandler pieces) {
        int start = from;
        while (start < to) {
            int end = endOfPiece(utf8, start, to);
            pieces.span(utf8, start, end);
            start = end;
        }
    }

    /**
     * The end of the piece that starts at {@code from}.
     *
     * @param utf8 well-formed
     * @param from start of a code point, less than {@code to}
     * @param to end of the text, also for the look-ahead of the pattern
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

    /** {@code (?i:'s|'t|'re|'ve|'m|'ll|'d)}; {@code from} if it does not match. */
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

    /** The rest of {@code \p{N}{1,3}} after the first number. */
    private static int endOfDigits(byte[] utf8, int from, int to) {
        int offset = from;
        for (int digits = 1; digits < MAX_DIGITS && offset < to && kind(utf8, offset) == NUMBER; digits++) {
            offset += Utf8.length(utf8[offset]);
        }
        return offset;
    }

    /** {@code \s*[\r\n]+|\s+(?!\S)|\s+}: up to the last newline, or all but the last space before a word, or all. */
    private static int endOfSpace(byte[] utf8, int from, int to) {
        int offset = from;
        int last = from;          // start of the last space
        int afterNewline = from;  // end of the last newline
        while (offset < to && kind(utf8, offset) == SPACE) {
            last = offset;
            offset += Utf8.length(utf8[offset]);
            if (isNewline(utf8[last])) afterNewline = offset;
        }
        if (afterNewline > from) return afterNewline;
        return offset < to && last > from ? last : offset;
    }

    private static int endOfNewlines(byte[] utf8, int from, int to) {
        int offset = from;
        while (offset < to && isNewline(utf8[offset])) offset++;
        return offset;
    }

    private static int endOfRun(int kind, byte[] utf8, int from, int to) {
        int offset = from;
        while (offset < to && kind(utf8, offset) == kind) offset += Utf8.length(utf8[offset]);
        return offset;
    }

    private static boolean isNewline(byte b) {
        return b == '\n' || b == '\r';
    }

    private static int kind(byte[] utf8, int offset) {
        return CodePointKind.of(Utf8.codePoint(utf8, offset));
    }
}
