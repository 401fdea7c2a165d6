package dev.mme5.json;

import java.math.BigDecimal;
import java.util.OptionalLong;

/** What a JSON number's literal means: the grammar of RFC 8259 section 6 and exact conversions. */
final class Numbers {
    /** Longer literals are no integers to us: exact arithmetic on millions of digits would take minutes. */
    private static final int LONGEST_INTEGER = 64;

    /** So many digits fit into 64 bits whatever they are. */
    private static final int MOST_SAFE_DIGITS = 18;

    private Numbers() {}

    /** Whether the text is {@code -? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?}. */
    static boolean isLiteral(String text) {
        int at = text.startsWith("-") ? 1 : 0;
        int end = digits(text, at);
        if (end == at || text.charAt(at) == '0' && end > at + 1) return false;

        at = end;
        if (at < text.length() && text.charAt(at) == '.') {
            end = digits(text, at + 1);
            if (end == at + 1) return false;
            at = end;
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            int sign = at + 1 < text.length() && (text.charAt(at + 1) == '+' || text.charAt(at + 1) == '-') ? 1 : 0;
            end = digits(text, at + 1 + sign);
            if (end == at + 1 + sign) return false;
            at = end;
        }
        return at == text.length();
    }

    private static int digits(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') at++;
        return at;
    }

    /** The value of a literal such as {@code 3}, {@code 3.0} or {@code 3e2}; empty when it is no integer or needs more than 64 bits. */
    static OptionalLong exactLong(String literal) {
        if (literal.length() <= MOST_SAFE_DIGITS && digits(literal, 0) == literal.length()) {   // as nearly always
            return OptionalLong.of(Long.parseLong(literal));
        }
        try {
            return literal.length() <= LONGEST_INTEGER
                    ? OptionalLong.of(new BigDecimal(literal).longValueExact())
                    : OptionalLong.empty();
        } catch (ArithmeticException | NumberFormatException notAnInteger) {   // the latter: an exponent beyond 32 bits
            return OptionalLong.empty();
        }
    }
}
