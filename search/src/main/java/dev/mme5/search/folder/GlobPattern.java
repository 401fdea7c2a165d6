package dev.mme5.search.folder;

import java.util.regex.Pattern;

/**
 * One pattern. {@code *} stands for any characters but /, {@code **} for any characters, {@code ?} for one, {@code [a-c]} for one of some,
 * {@code [!a-c]} for one of all others, <code>{a,b}</code> for a or b. A backslash takes the meaning from the character after it. A bracket or
 * brace without its end stands for itself.
 */
final class GlobPattern {
    private final String glob;
    private final StringBuilder regex = new StringBuilder();
    private int next;

    private GlobPattern(String glob) {
        this.glob = glob;
    }

    static Pattern compile(String glob, boolean ignoresCase) {
        GlobPattern pattern = new GlobPattern(glob);
        pattern.appendAll(glob.length(), false);
        int flags = ignoresCase ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0;
        return Pattern.compile(pattern.regex.toString(), Pattern.DOTALL | flags);
    }

    /** @param inBraces whether a comma separates alternatives */
    private void appendAll(int end, boolean inBraces) {
        while (next < end) {
            char c = glob.charAt(next);
            if (glob.startsWith("**/", next)) append("(?:.*/)?", 3);
            else if (glob.startsWith("**", next)) append(".*", 2);
            else if (c == '*') append("[^/]*", 1);
            else if (c == '?') append("[^/]", 1);
            else if (c == ',' && inBraces) append("|", 1);
            else if (c == '[' && endOfSet() > 0) appendSet(endOfSet());
            else if (c == '{' && endOfBraces() > 0) appendBraces(endOfBraces());
            else appendLiteral();
        }
    }

    private void append(String text, int length) {
        regex.append(text);
        next += length;
    }

    private void appendLiteral() {
        if (glob.charAt(next) == '\\' && next + 1 < glob.length()) next++;
        int codePoint = glob.codePointAt(next);
        append(Pattern.quote(Character.toString(codePoint)), Character.charCount(codePoint));
    }

    /** Index of the bracket that ends a set, or -1. One that comes first is a member. */
    private int endOfSet() {
        int first = next + 1;
        if (first < glob.length() && "!^".indexOf(glob.charAt(first)) >= 0) first++;
        return glob.indexOf(']', first + 1);
    }

    private void appendSet(int end) {
        next++;
        boolean isNegated = "!^".indexOf(glob.charAt(next)) >= 0;
        if (isNegated) next++;
        regex.append(isNegated ? "[^/" : "(?!/)[");
        while (next < end) {
            char low = glob.charAt(next);
            boolean isRange = next + 2 < end && glob.charAt(next + 1) == '-' && glob.charAt(next + 2) >= low;
            if (isRange) append(escaped(low) + "-" + escaped(glob.charAt(next + 2)), 3);
            else append(escaped(low), 1);
        }
        append("]", 1);
    }

    private static String escaped(char c) {
        return Character.isLetterOrDigit(c) || c >= 0x80 ? String.valueOf(c) : "\\" + c;
    }

    /** Index of the brace that ends the one here, or -1. */
    private int endOfBraces() {
        int depth = 0;
        for (int i = next; i < glob.length(); i++) {
            char c = glob.charAt(i);
            if (c == '\\') i++;
            else if (c == '{') depth++;
            else if (c == '}' && --depth == 0) return i;
        }
        return -1;
    }

    private void appendBraces(int end) {
        append("(?:", 1);
        appendAll(end, true);
        append(")", 1);
    }
}
