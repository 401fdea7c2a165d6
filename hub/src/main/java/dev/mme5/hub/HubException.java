package dev.mme5.hub;

/**
 * A model cannot be downloaded or found. The message is one line, safe to print on a terminal, and never has the token.
 */
public final class HubException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final int MAX_LENGTH = 2000;

    public HubException(String message) {
        super(sanitized(message));
    }

    public HubException(String message, Throwable cause) {
        super(sanitized(message), cause);
    }

    /** Names and headers of servers may hold line breaks, commands to the terminal, and marks that turn the writing direction. */
    static String sanitized(String text) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), MAX_LENGTH); i++) {
            char c = text.charAt(i);
            boolean isHarmless = !Character.isISOControl(c) && (c < 0x2028 || c > 0x202E) && (c < 0x2066 || c > 0x2069);
            line.append(isHarmless ? String.valueOf(c) : String.format("\\u%04x", (int) c));
        }
        return text.length() > MAX_LENGTH ? line.append("...").toString() : line.toString();
    }
}
