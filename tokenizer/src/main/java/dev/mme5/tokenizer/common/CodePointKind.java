package dev.mme5.tokenizer.common;

/**
 * Classifies code points for the patterns of pre-tokenizers: letter, number, white space or other. The kinds are constants and not
 * an enum because every character of a text is classified.
 *
 * <p>Letters and numbers are the general categories {@code \p{L}} and {@code \p{N}} in the Unicode version of the JDK; combining
 * marks are neither. White space is the Unicode property White_Space, which differs from both definitions in Java: U+001C to
 * U+001F do not have it, U+0085 and U+00A0 do.
 */
public final class CodePointKind {
    public static final byte OTHER = 0;
    public static final byte LETTER = 1;
    public static final byte NUMBER = 2;
    public static final byte SPACE = 3;

    /** Cache: 1 + kind, or 0 if not yet known. All threads write the same values. */
    private static final byte[] BASIC_PLANE = new byte[0x10000];

    private CodePointKind() {}

    /** The kind of a code point. */
    public static byte of(int codePoint) {
        if (codePoint >= BASIC_PLANE.length) return classify(codePoint);
        byte known = BASIC_PLANE[codePoint];
        if (known > 0) return (byte) (known - 1);
        byte kind = classify(codePoint);
        BASIC_PLANE[codePoint] = (byte) (kind + 1);
        return kind;
    }

    private static byte classify(int codePoint) {
        if (isWhiteSpace(codePoint)) return SPACE;
        return switch (Character.getType(codePoint)) {
            case Character.UPPERCASE_LETTER, Character.LOWERCASE_LETTER, Character.TITLECASE_LETTER,
                    Character.MODIFIER_LETTER, Character.OTHER_LETTER -> LETTER;
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> NUMBER;
            default -> OTHER;
        };
    }

    /** The property White_Space in PropList.txt of Unicode. */
    private static boolean isWhiteSpace(int codePoint) {
        return codePoint >= 0x09 && codePoint <= 0x0D
                || codePoint >= 0x2000 && codePoint <= 0x200A
                || switch (codePoint) {
                    case 0x20, 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000 -> true;
                    default -> false;
                };
    }

    /** {@code \w} of UTS 18. A single-word added token must not touch such a character. */
    public static boolean isWordCharacter(int codePoint) {
        return Character.isAlphabetic(codePoint) || switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK,
                    Character.DECIMAL_DIGIT_NUMBER, Character.CONNECTOR_PUNCTUATION -> true;
            default -> codePoint == 0x200C || codePoint == 0x200D;   // Join_Control
        };
    }
}
