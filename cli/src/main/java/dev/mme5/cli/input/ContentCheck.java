package dev.mme5.cli.input;

import dev.mme5.json.JsonReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Recognises files that are not JSON lines by their first bytes, because each of their lines would be an error. */
final class ContentCheck {
    private static final String ONE_OBJECT_A_LINE = ", expected JSON lines: one object on each line";

    private final byte[] bytes;
    private final int to;
    private int next;

    /** Open brackets and braces, innermost last. */
    private final StringBuilder open = new StringBuilder();

    private ContentCheck(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.to = to;
        this.next = from;
    }

    /**
     * What the content is, if it is not JSON lines: "is a JSON array, expected ...".
     *
     * @param from the first byte
     * @param to after the last byte that is there; more may follow
     */
    static Optional<String> problem(byte[] bytes, int from, int to) {
        if (startsWith(bytes, from, to, JsonReader.LFS_START)) return Optional.of(JsonReader.LFS_PROBLEM);
        if (startsWith(bytes, from, to, "\u001f\u008b"))
            return Optional.of("is compressed with gzip, expected JSON lines: unpack it first");
        if (startsWith(bytes, from, to, "(\u00b5/\u00fd"))
            return Optional.of("is compressed with zstd, expected JSON lines: unpack it first");
        if (startsWith(bytes, from, to, "PK\u0003\u0004")) return Optional.of("is a zip file, expected JSON lines: unpack it first");
        if (startsWith(bytes, from, to, "PAR1")) return Optional.of("is a Parquet file" + ONE_OBJECT_A_LINE);
        if (startsWith(bytes, from, to, "\u00ff\u00fe") || startsWith(bytes, from, to, "\u00fe\u00ff")) {
            return Optional.of("is UTF-16, expected JSON lines in UTF-8");
        }
        return new ContentCheck(bytes, from, to).json();
    }

    private static boolean startsWith(byte[] bytes, int from, int to, String start) {
        return to - from >= start.length()
                && new String(bytes, from, start.length(), StandardCharsets.ISO_8859_1).equals(start);
    }

    private Optional<String> json() {
        skipWhiteSpace();
        if (next == to || bytes[next] != '[' && bytes[next] != '{') return Optional.empty();
        boolean isArray = bytes[next] == '[';
        boolean holdsObjects = isArray && beginsWithObject(next + 1);
        int beforeBreak = skipLine();
        boolean isWhole = open.isEmpty();
        skipWhiteSpace();
        if (isArray) {
            // A line that is an array is one wrong line: if others follow, or if it holds no objects.
            boolean isArrayOfLines = next == to ? holdsObjects : !isWhole && beforeBreak >= 0;
            return isArrayOfLines ? Optional.of("is a JSON array" + ONE_OBJECT_A_LINE + ", without [ ] and commas") : Optional.empty();
        }
        if (isWhole || beforeBreak < 0 || next == to) return Optional.empty();
        // A line that was cut off is one wrong line: the next one begins an object of its own.
        boolean isGoingOn = switch (beforeBreak) {
            case '{', ',' -> bytes[next] == '"' || bytes[next] == '}';
            case '[', ':' -> true;
            default -> bytes[next] == ',' || bytes[next] == '}' || bytes[next] == ']';
        };
        return isGoingOn ? Optional.of("is a JSON object of several lines" + ONE_OBJECT_A_LINE) : Optional.empty();
    }

    /** Whether an object comes next, or nothing that is there yet. */
    private boolean beginsWithObject(int offset) {
        int start = next;
        next = offset;
        skipWhiteSpace();
        boolean begins = next == to || bytes[next] == '{';
        next = start;
        return begins;
    }

    /**
     * Skips one line, of which brackets and braces are counted.
     *
     * @return the last character of the line that is no white space; -1 if it ends in a string, or has a bracket too many
     */
    private int skipLine() {
        int last = 0;
        boolean inString = false;
        for (; next < to && bytes[next] != '\n'; next++) {
            int c = bytes[next];
            if (c == ' ' || c == '\t' || c == '\r') continue;
            last = c;
            if (inString) {
                if (c == '\\') next++;
                else if (c == '"') inString = false;
            } else if (c == '"') {
                inString = true;
            } else if (c == '[' || c == '{') {
                open.append((char) c);
            } else if (c == ']' || c == '}') {
                if (open.isEmpty()) return -1;
                open.setLength(open.length() - 1);
            }
        }
        return inString && next < to ? -1 : last;
    }

    private void skipWhiteSpace() {
        while (next < to && (bytes[next] == ' ' || bytes[next] == '\t' || bytes[next] == '\r' || bytes[next] == '\n')) next++;
    }
}
