package dev.mme5.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Recursive descent over one text. In: bytes. Out: the tree of values, or a refusal that names the byte offset.
 */
final class JsonParser {
    /** Because deep nesting overflows the stack, it is limited; the files of models have about six levels. */
    static final int MAX_DEPTH = 128;

    /** Maximum memory of all values, as counted below. The largest tokenizers of 2025 need 180 MB. */
    static final int MAX_TREE_BYTES = 256 << 20;

    // Upper bounds of the memory of each object on a 64-bit JVM, without characters: a small file can need much memory.
    private static final int OBJECT_BYTES = 200;
    private static final int MEMBER_BYTES = 120;
    private static final int ARRAY_BYTES = 100;
    private static final int ELEMENT_BYTES = 16;
    private static final int SCALAR_BYTES = 64;
    private static final int CHARACTER_BYTES = 2;

    private static final Json TRUE = new Json.Bool(true);
    private static final Json FALSE = new Json.Bool(false);
    private static final Json NULL = new Json.Null();

    private final byte[] text;   // well-formed UTF-8 once parse() has checked it
    private final int end;
    private final String source;
    private final RawMemberReader rawReader;
    private int position;
    private long treeBytes;
    private long maxTreeBytes = MAX_TREE_BYTES;

    JsonParser(byte[] text, int from, int to, String source, RawMemberReader rawReader) {
        this.text = text;
        this.position = from;
        this.end = to;
        this.source = source;
        this.rawReader = rawReader;
    }

    /** Limits the memory of all values further. */
    JsonParser withMaxTreeBytes(long bytes) {
        maxTreeBytes = Math.min(bytes, MAX_TREE_BYTES);
        return this;
    }

    Json parse() {
        int malformed = Utf8Validator.firstMalformed(text, position, end);
        if (malformed < end) throw error(malformed, "not UTF-8");
        if (startsWithByteOrderMark()) {
            throw error(position, "expected JSON without byte order mark, found one");
        }
        skipSpace();
        Json value = value(JsonLocation.root(source), 0);
        skipSpace();
        if (position < end) throw unexpected("the end");
        return value;
    }

    private boolean startsWithByteOrderMark() {
        return end - position >= 3
                && text[position] == (byte) 0xEF && text[position + 1] == (byte) 0xBB && text[position + 2] == (byte) 0xBF;
    }

    /** @param location location of the value if it is an object or array; null otherwise */
    private Json value(JsonLocation location, int depth) {
        if (position == end) throw unexpected("a value");

        return switch (text[position]) {
            case '{' -> object(location, depth + 1);
            case '[' -> array(location, depth + 1);
            case '"' -> text();
            case 't' -> literal("true", TRUE);
            case 'f' -> literal("false", FALSE);
            case 'n' -> literal("null", NULL);
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
            default -> throw unexpected("a value");
        };
    }

    private void countMemory(long bytes) {
        treeBytes += bytes;
        if (treeBytes > maxTreeBytes) throw error(position, "its values need more than " + maxTreeBytes + " bytes of memory");
    }

    private JsonObject object(JsonLocation location, int depth) {
        enter(depth);
        countMemory(OBJECT_BYTES);
        JsonObject object = new JsonObject(location);
        if (closes('}')) return object;
        do {
            skipSpace();
            int start = position;
            if (position == end || text[position] != '"') throw unexpected("a name in quotes");
            String name = string();
            countMemory(MEMBER_BYTES + (long) CHARACTER_BYTES * name.length());
            skipSpace();
            if (position == end || text[position] != ':') throw unexpected("':'");
            position++;
            skipSpace();
            Json value = opensContainer() ? container(location, name, depth) : value(null, depth);
            if (!object.add(name, value)) throw error(start, "duplicate name " + new Json.Text(name));
        } while (continues('}'));
        return object;
    }

    private Json container(JsonLocation holder, String name, int depth) {
        if (isOffered(holder, name, depth)) {
            int after = rawReader.read(holder.member(name), text, position, end);
            if (after >= 0) {
                boolean isObject = text[position] == '{';
                position = after;
                return isObject ? new JsonObject(holder.ofMember(name)) : new JsonArray(holder.ofMember(name));
            }
        }
        return value(holder.ofMember(name), depth);
    }

    /** Because building a path takes time linear in its names, and a hostile file can repeat a long name, names are limited. */
    private boolean isOffered(JsonLocation holder, String name, int depth) {
        if (rawReader == RawMemberReader.NONE || depth > RawMemberReader.MAX_DEPTH || name.indexOf('.') >= 0) return false;
        boolean isHolderShort = holder.key() == null || holder.key().length() <= RawMemberReader.MAX_NAME_LENGTH;
        return isHolderShort && name.length() <= RawMemberReader.MAX_NAME_LENGTH;
    }

    private JsonArray array(JsonLocation location, int depth) {
        enter(depth);
        countMemory(ARRAY_BYTES);
        JsonArray array = new JsonArray(location);
        if (closes(']')) return array;
        List<Json> elements = new ArrayList<>(2);   // most arrays of a tokenizer are pairs
        do {
            skipSpace();
            countMemory(ELEMENT_BYTES);
            elements.add(value(opensContainer() ? location.ofElement(elements.size()) : null, depth));
        } while (continues(']'));
        array.setElements(elements);
        return array;
    }

    private boolean opensContainer() {
        return position < end && (text[position] == '{' || text[position] == '[');
    }

    private void enter(int depth) {
        if (depth > MAX_DEPTH) throw error(position, "nested more than " + MAX_DEPTH + " deep");
        position++;
    }

    /** Steps over the closing bracket if the object or array that was just opened is empty. */
    private boolean closes(char bracket) {
        skipSpace();
        if (position == end || text[position] != bracket) return false;
        position++;
        return true;
    }

    /** Steps over a comma or the closing bracket; returns whether it was a comma. */
    private boolean continues(char bracket) {
        skipSpace();
        if (position == end || text[position] != ',' && text[position] != bracket) throw unexpected("',' or '" + bracket + "'");
        return text[position++] == ',';
    }

    private Json literal(String word, Json value) {
        for (int i = 0; i < word.length(); i++) {
            if (position + i == end || text[position + i] != word.charAt(i)) throw unexpected("a value");
        }
        position += word.length();
        return value;
    }

    private Json number() {
        int start = position;
        while (position < end && (text[position] >= '0' && text[position] <= '9' || "+-.eE".indexOf(text[position]) >= 0)) position++;
        String literal = new String(text, start, position - start, StandardCharsets.ISO_8859_1);
        if (!Numbers.isLiteral(literal)) throw error(start, "expected a number, found " + new Json.Text(literal));
        countMemory(SCALAR_BYTES + (long) literal.length());
        return new Json.Number(literal);
    }

    private Json text() {
        String text = string();
        countMemory(SCALAR_BYTES + (long) CHARACTER_BYTES * text.length());
        return new Json.Text(text);
    }

    /** Reads a string, from its opening quote to after its closing quote. */
    private String string() {
        int start = ++position;
        while (position < end && text[position] != '"' && text[position] != '\\' && isPlain(text[position])) position++;
        if (position < end && text[position] == '"') return slice(start, position++);   // no escapes: the usual case

        StringBuilder unescaped = new StringBuilder();
        while (position < end && text[position] != '"') {
            if (text[position] == '\\') {
                unescaped.append(slice(start, position));
                escape(unescaped);
                start = position;
            } else {
                if (!isPlain(text[position])) throw error(position, "expected a control character to be escaped, found " + found());
                position++;
            }
        }
        if (position == end) throw unexpected("'\"'");
        return unescaped.append(slice(start, position++)).toString();
    }

    /** Not one of U+0000 to U+001F; bytes from 0x80 on belong to characters of several bytes. */
    private static boolean isPlain(byte b) {
        return b >= 0x20 || b < 0;
    }

    private String slice(int from, int to) {
        return new String(text, from, to - from, StandardCharsets.UTF_8);
    }

    private void escape(StringBuilder out) {
        int start = position++;
        if (position == end) throw unexpected("an escape");
        switch (text[position++]) {
            case '"' -> out.append('"');
            case '\\' -> out.append('\\');
            case '/' -> out.append('/');
            case 'b' -> out.append('\b');
            case 'f' -> out.append('\f');
            case 'n' -> out.append('\n');
            case 'r' -> out.append('\r');
            case 't' -> out.append('\t');
            case 'u' -> {
                char unit = hex(start);
                out.append(unit);
                if (Character.isLowSurrogate(unit)) throw error(start, "lone surrogate");
                if (Character.isHighSurrogate(unit)) {
                    if (end - position < 2 || text[position] != '\\' || text[position + 1] != 'u') throw error(start, "lone surrogate");
                    position += 2;
                    char low = hex(position - 2);
                    if (!Character.isLowSurrogate(low)) throw error(start, "lone surrogate");
                    out.append(low);
                }
            }
            default -> throw error(start, "unknown escape");
        }
    }

    private char hex(int start) {
        int unit = 0;
        for (int i = 0; i < 4; i++, position++) {
            // Not Character.digit, which accepts the digits of every script.
            int digit = position < end ? "0123456789abcdefABCDEF".indexOf(text[position]) : -1;
            if (digit < 0) throw error(start, "expected four hex digits");
            unit = unit << 4 | (digit < 16 ? digit : digit - 6);
        }
        return (char) unit;
    }

    private void skipSpace() {
        // Not in a method of its own: large files are read before anything is compiled.
        while (position < end
                && (text[position] == ' ' || text[position] == '\n' || text[position] == '\r' || text[position] == '\t')) {
            position++;
        }
    }

    private String found() {
        if (position == end) return "the end";
        byte b = text[position];
        return b > 0x20 && b < 0x7F ? "'" + (char) b + "'" : "0x%02X".formatted(b & 0xFF);
    }

    private ModelFormatException unexpected(String expected) {
        return error(position, "expected " + expected + ", found " + found());
    }

    private ModelFormatException error(int offset, String problem) {
        return new ModelFormatException(source, "byte " + offset, problem);
    }
}
