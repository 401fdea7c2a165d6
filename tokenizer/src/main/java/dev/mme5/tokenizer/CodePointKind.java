package dev.mme5.tokenizer;

/**
 * What the pre-tokeniser's pattern asks of a code point: is it a letter, a number, white space, or something else?
 * Constants and not an enum, because it is asked once per character of the text.
 *
 * <p>Letters and numbers go by general category ({@code \p{L}}, {@code \p{N}}) of the JDK's Unicode version; combining
 * marks are neither. White space is the Unicode property White_Space, which is neither of Java's two ideas of it:
 * U+001C to U+001F are not in it, U+0085 and U+00A0 are.
 */
final class CodePointKind {
    static final byte OTHER = 0;
    static final byte LETTER = 1;
    static final byte NUMBER = 2;
    static final byte SPACE = 3;

    /** What was asked before, and one; 0: not asked yet. Filled by any thread, with the same values. */
    private static final byte[] BASIC_PLANE = new byte[0x10000];

    private CodePointKind() {}

    static byte of(int codePoint) {
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

    /** The property White_Space of PropList.txt. */
    private static boolean isWhiteSpace(int codePoint) {
        return codePoint >= 0x09 && codePoint <= 0x0D
                || codePoint >= 0x2000 && codePoint <= 0x200A
                || switch (codePoint) {
                    case 0x20, 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000 -> true;
                    default -> false;
                };
    }

    /** {@code \w} of Unicode's UTS 18, which decides where a single-word added token may stand. */
    static boolean isWordCharacter(int codePoint) {
        return Character.isAlphabetic(codePoint) || switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK,
                    Character.DECIMAL_DIGIT_NUMBER, Character.CONNECTOR_PUNCTUATION -> true;
            default -> codePoint == 0x200C || codePoint == 0x200D;   // Join_Control
        };
    }
}
