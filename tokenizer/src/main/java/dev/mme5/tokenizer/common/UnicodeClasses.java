package dev.mme5.tokenizer.common;

/** Classes of code points as the normalizers and pre-tokenizers of the tokenizers library know them. */
public final class UnicodeClasses {
    private UnicodeClasses() {}

    /** White space of BertNormalizer: like White_Space of Unicode, but U+000B, U+000C and U+0085 are controls. */
    public static boolean isBertWhiteSpace(int c) {
        return isWhiteSpace(c) && c != 0x0B && c != 0x0C && c != 0x85;
    }

    /** The property White_Space. */
    public static boolean isWhiteSpace(int c) {
        return CodePointKind.of(c) == CodePointKind.SPACE;
    }

    /** Controls, format characters and private use; tab and line ends count as white space first. */
    public static boolean isControl(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.PRIVATE_USE -> !OlderUnicode.NOT_CONTROL.get(c);
            default -> false;
        };
    }

    /** Ideographs, by the ranges of the library. One of its bounds, U+2B920, leaves out 256 of them. */
    public static boolean isChinese(int c) {
        if (c < 0x3400) return false;
        return c <= 0x4DBF || c >= 0x4E00 && c <= 0x9FFF || c >= 0xF900 && c <= 0xFAFF || c >= 0x20000 && c <= 0x2A6DF
                || c >= 0x2A700 && c <= 0x2B81F || c >= 0x2B920 && c <= 0x2CEAF || c >= 0x2F800 && c <= 0x2FA1F;
    }

    /** Punctuation of BertPreTokenizer: the general categories P, and in ASCII symbols too. */
    public static boolean isPunctuation(int c) {
        if (c < 0x80) return c > ' ' && c < 0x7F && !Character.isLetterOrDigit(c);
        return switch (Character.getType(c)) {
            case Character.CONNECTOR_PUNCTUATION, Character.DASH_PUNCTUATION, Character.START_PUNCTUATION, Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION, Character.FINAL_QUOTE_PUNCTUATION, Character.OTHER_PUNCTUATION ->
                    !OlderUnicode.NOT_PUNCTUATION.get(c);
            default -> c == 0x166D || c == 0x111C9;   // were punctuation in Unicode 8
        };
    }

    /** Non-spacing marks, which BertNormalizer calls accents. */
    public static boolean isNonSpacingMark(int c) {
        if (Character.getType(c) == Character.NON_SPACING_MARK) return !OlderUnicode.NOT_NON_SPACING_MARK.get(c);
        return c == 0x1734 || c == 0x1171E;   // were non-spacing once
    }

    /** Combining marks, which StripAccents deletes. */
    public static boolean isMark(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK -> !OlderUnicode.NOT_MARK.get(c);
            default -> c == 0x1CF2 || c == 0x1CF3;
        };
    }

    /** Whether normalisation leaves the character where it is, because the library's Unicode does not know it. */
    public static boolean isNotNormalized(int c) {
        return OlderUnicode.NOT_NORMALIZED.get(c);
    }

    /** Whether a letter has no small one, because the library's Unicode does not know it. */
    public static boolean isNotCapital(int c) {
        return OlderUnicode.NOT_CAPITAL.get(c);
    }
}
