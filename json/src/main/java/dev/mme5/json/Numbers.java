package dev.mme5.json;

import java.math.BigDecimal;
import java.util.OptionalLong;

/** Number literals: the grammar of RFC 8259 section 6 and exact conversion to integers. */
final class Numbers {
    /** Because exact arithmetic on millions of digits takes minutes, longer literals are not read as integers. */
    private static final int MAX_INTEGER_LENGTH = 64;

    /** Any integer of this many digits fits in 64 bits. */
    private static final int MAX_SAFE_DIGITS = 18;

    private Numbers() {}

    /** Whether the text is {@code -? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?}. */
    static boolean isLiteral(String text) {
        int position = text.startsWith("-") ? 1 : 0;
        int end = endOfDigits(text, position);
        if (end == position || text.charAt(position) == '0' && end > position + 1) return false;

        position = end;
        if (position < text.length() && text.charAt(position) == '.') {
            end = endOfDigits(text, position + 1);
            if (end == position + 1) return false;
            position = end;
        }
        if (position < text.length() && (text.charAt(position) == 'e' || text.charAt(position) == 'E')) {
            int digits = position + 1;
            if (digits < text.length() && (text.charAt(digits) == '+' || text.charAt(digits) == '-')) digits++;
            end = endOfDigits(text, digits);
            if (end == digits) return false;
            position = end;
        }
        return position == text.length();
    }

    private static int endOfDigits(String text, int start) {
        int position = start;
        while (position < text.length() && text.charAt(position) >= '0' && text.charAt(position) <= '9') position++;
        return position;
    }

    /** The value of a literal such as {@code 3}, {@code 3.0} or {@code 3e2}; empty if it is not an integer of 64 bits. */
    static OptionalLong exactLong(String literal) {
        if (literal.length() <= MAX_SAFE_DIGITS && endOfDigits(literal, 0) == literal.length()) {   // the usual case
            return OptionalLong.of(Long.parseLong(literal));
        }
        try {
            return literal.length() <= MAX_INTEGER_LENGTH
                    ? OptionalLong.of(new BigDecimal(literal).longValueExact())
                    : OptionalLong.empty();
        } catch (ArithmeticException | NumberFormatException notAnInteger) {   // the latter for an exponent of more than 32 bits
            return OptionalLong.empty();
        }
    }
}
