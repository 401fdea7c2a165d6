package dev.mme5.json;

/**
 * Text that comes from a file, made fit for a message: names and values are a stranger's, and may hold line breaks that forge
 * another message, escape sequences that command a terminal, marks that turn the order of letters round, or a million letters.
 */
public final class SafeText {
    private static final int LONGEST = 2000;

    private SafeText() {}

    /** The text on one line, without control characters, cut after 2000 characters. */
    public static String line(String text) {
        int end = Math.min(text.length(), LONGEST);
        int at = 0;
        while (at < end && isHarmless(text.charAt(at))) at++;
        if (at == text.length()) return text;   // as nearly always

        StringBuilder shown = new StringBuilder(text.substring(0, at));
        for (; at < end; at++) {
            char c = text.charAt(at);
            if (isHarmless(c)) {
                shown.append(c);
            } else {
                shown.append("\\u").append(JsonWriter.hex(c));
            }
        }
        return end < text.length() ? shown.append("...").toString() : shown.toString();
    }

    /** Not a control character, a line or paragraph separator, or a mark that turns the direction of what follows. */
    private static boolean isHarmless(char c) {
        return !Character.isISOControl(c) && (c < 0x2028 || c > 0x202E) && (c < 0x2066 || c > 0x2069);
    }
}
