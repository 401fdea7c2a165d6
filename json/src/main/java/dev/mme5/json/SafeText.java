package dev.mme5.json;

/**
 * Makes untrusted text safe to print in a message. Names and values in a file can contain line breaks that forge another
 * message, escape sequences that control a terminal, marks that reverse the direction of text, or millions of characters.
 *
 * <p>This is the only sanitiser of the project: every message that contains a name from outside goes through it.
 */
public final class SafeText {
    private static final int MAX_LENGTH = 2000;

    private SafeText() {}

    /**
     * Returns the text on one line. Control characters, line separators, marks that reverse the direction of text and unpaired
     * surrogates become <code>&#92;uXXXX</code>; everything after 2000 characters is cut off.
     */
    public static String line(String text) {
        int end = Math.min(text.length(), MAX_LENGTH);
        if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) end--;   // do not split a pair
        int offset = 0;
        while (offset < end && isSafe(text.charAt(offset))) offset++;
        if (offset == text.length()) return text;   // the usual case

        StringBuilder sanitized = new StringBuilder(end + 16).append(text, 0, offset);
        while (offset < end) {
            int codePoint = text.codePointAt(offset);
            if (Character.isSupplementaryCodePoint(codePoint) || codePoint <= 0xFFFF && isSafe((char) codePoint)) {
                sanitized.appendCodePoint(codePoint);
            } else {
                sanitized.append("\\u").append(JsonWriter.hex((char) codePoint));
            }
            offset += Character.charCount(codePoint);
        }
        return end < text.length() ? sanitized.append("...").toString() : sanitized.toString();
    }

    /** Half of a surrogate pair counts as unsafe here; {@link #line} keeps complete pairs. */
    private static boolean isSafe(char c) {
        boolean separatesLines = c == 0x2028 || c == 0x2029;
        boolean changesDirection = c >= 0x202A && c <= 0x202E || c >= 0x2066 && c <= 0x2069;
        return !Character.isISOControl(c) && !separatesLines && !changesDirection && !Character.isSurrogate(c);
    }
}
