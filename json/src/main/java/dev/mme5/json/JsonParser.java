package dev.mme5.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One text being parsed: recursive descent over bytes that are known to be UTF-8. In: bytes. Out: the tree, or a refusal that
 * names the byte.
 */
final class JsonParser {
    /** Deeper nesting is an attack on the stack: a model's files have about six levels. */
    static final int MAX_DEPTH = 128;

    /** Most memory that the values may take, as counted below. The largest tokenizers of 2025 take 180 MB. */
    static final int MAX_TREE_BYTES = 256 << 20;

    // What the objects of a 64-bit machine take at most, beside the characters: a file of few bytes can ask for much.
    private static final int OBJECT_BYTES = 200;
    private static final int MEMBER_BYTES = 120;
    private static final int ARRAY_BYTES = 100;
    private static final int ELEMENT_BYTES = 16;
    private static final int SCALAR_BYTES = 64;
    private static final int CHARACTER_BYTES = 2;

    private static final Json TRUE = new Json.Bool(true);
    private static final Json FALSE = new Json.Bool(false);
    private static final Json NULL = new Json.Null();

    private final byte[] text;
    private final int end;
    private final String source;
    private final RawMemberReader bulk;
    private int at;
    private long treeBytes;

    JsonParser(byte[] text, int from, int to, String source, RawMemberReader bulk) {
        this.text = text;
        this.at = from;
        this.end = to;
        this.source = source;
        this.bulk = bulk;
    }

    Json parse() {
        int malformed = Utf8Validator.firstMalformed(text, at, end);
        if (malformed < end) throw error(malformed, "not UTF-8");
        if (end - at >= 3 && text[at] == (byte) 0xEF && text[at + 1] == (byte) 0xBB && text[at + 2] == (byte) 0xBF) {
            throw error(at, "expected JSON without byte order mark, found one");
        }
        skipSpace();
        Json value = value(JsonLocation.root(source), 0);
        skipSpace();
        if (at < end) throw unexpected("the end");
        return value;
    }

    /** @param place where the value stands, should it be a container */
    private Json value(JsonLocation place, int depth) {
        if (at == end) throw unexpected("a value");

        return switch (text[at]) {
            case '{' -> object(place, depth + 1);
            case '[' -> array(place, depth + 1);
            case '"' -> text();
            case 't' -> word("true", TRUE);
            case 'f' -> word("false", FALSE);
            case 'n' -> word("null", NULL);
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
            default -> throw unexpected("a value");
        };
    }

    private void take(long bytes) {
        treeBytes += bytes;
        if (treeBytes > MAX_TREE_BYTES) throw error(at, "its values need more than " + MAX_TREE_BYTES + " bytes of memory");
    }

    private JsonObject object(JsonLocation place, int depth) {
        enter(depth);
        take(OBJECT_BYTES);
        JsonObject object = new JsonObject(place);
        if (closes('}')) return object;
        do {
            skipSpace();
            int start = at;
            if (at == end || text[at] != '"') throw unexpected("a name in quotes");
            String name = string();
            take(MEMBER_BYTES + (long) CHARACTER_BYTES * name.length());
            skipSpace();
            if (at == end || text[at] != ':') throw unexpected("':'");
            at++;
            skipSpace();
            Json value = opensContainer() ? container(place, name, depth) : value(null, depth);
            if (!object.add(name, value)) throw error(start, "duplicate name " + new Json.Text(name));
        } while (continues('}'));
        return object;
    }

    private Json container(JsonLocation holder, String name, int depth) {
        if (isOffered(holder, name, depth)) {
            int behind = bulk.read(holder.member(name), text, at, end);
            if (behind >= 0) {
                boolean isObject = text[at] == '{';
                at = behind;
                return isObject ? new JsonObject(holder.ofMember(name)) : new JsonArray(holder.ofMember(name));
            }
        }
        return value(holder.ofMember(name), depth);
    }

    /** Spelling out a place takes as long as its names are, so only short ones near the root are: a file may be made of long ones. */
    private boolean isOffered(JsonLocation holder, String name, int depth) {
        if (bulk == RawMemberReader.NONE || depth > RawMemberReader.DEPTH || name.length() > RawMemberReader.NAME || name.indexOf('.') >= 0)
            return false;
        return holder.key() == null || holder.key().length() <= RawMemberReader.NAME;
    }

    private JsonArray array(JsonLocation place, int depth) {
        enter(depth);
        take(ARRAY_BYTES);
        JsonArray array = new JsonArray(place);
        if (closes(']')) return array;
        List<Json> elements = new ArrayList<>(2);   // most arrays of a tokenizer are pairs
        do {
            skipSpace();
            take(ELEMENT_BYTES);
            elements.add(value(opensContainer() ? place.ofElement(elements.size()) : null, depth));
        } while (continues(']'));
        array.fill(elements);
        return array;
    }

    private boolean opensContainer() {
        return at < end && (text[at] == '{' || text[at] == '[');
    }

    private void enter(int depth) {
        if (depth > MAX_DEPTH) throw error(at, "nested more than " + MAX_DEPTH + " deep");
        at++;
    }

    /** Whether the container that has just been opened is empty. */
    private boolean closes(char bracket) {
        skipSpace();
        if (at == end || text[at] != bracket) return false;
        at++;
        return true;
    }

    /** Steps over a comma, and says whether there was one and not the closing bracket. */
    private boolean continues(char bracket) {
        skipSpace();
        if (at == end || text[at] != ',' && text[at] != bracket) throw unexpected("',' or '" + bracket + "'");
        return text[at++] == ',';
    }

    private Json word(String word, Json value) {
        for (int i = 0; i < word.length(); i++) {
            if (at + i == end || text[at + i] != word.charAt(i)) throw unexpected("a value");
        }
        at += word.length();
        return value;
    }

    private Json number() {
        int start = at;
        while (at < end && (text[at] >= '0' && text[at] <= '9' || "+-.eE".indexOf(text[at]) >= 0)) at++;
        String literal = new String(text, start, at - start, StandardCharsets.ISO_8859_1);
        if (!Numbers.isLiteral(literal)) throw error(start, "expected a number, found " + new Json.Text(literal));
        take(SCALAR_BYTES + (long) literal.length());
        return new Json.Number(literal);
    }

    private Json text() {
        String text = string();
        take(SCALAR_BYTES + (long) CHARACTER_BYTES * text.length());
        return new Json.Text(text);
    }

    /** A string from its opening quote to behind its closing one. */
    private String string() {
        int start = ++at;
        while (at < end && text[at] != '"' && text[at] != '\\' && isPlain(text[at])) at++;
        if (at < end && text[at] == '"') return slice(start, at++);   // no escapes, as nearly always

        StringBuilder unescaped = new StringBuilder();
        while (at < end && text[at] != '"') {
            if (text[at] == '\\') {
                unescaped.append(slice(start, at));
                escape(unescaped);
                start = at;
            } else {
                if (!isPlain(text[at])) throw error(at, "expected a control character to be escaped, found " + found());
                at++;
            }
        }
        if (at == end) throw unexpected("'\"'");
        return unescaped.append(slice(start, at++)).toString();
    }

    /** Not one of U+0000 to U+001F; bytes from 0x80 belong to characters of several bytes. */
    private static boolean isPlain(byte b) {
        return b >= 0x20 || b < 0;
    }

    private String slice(int from, int to) {
        return new String(text, from, to - from, StandardCharsets.UTF_8);
    }

    private void escape(StringBuilder out) {
        int start = at++;
        if (at == end) throw unexpected("an escape");
        switch (text[at++]) {
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
                    if (end - at < 2 || text[at] != '\\' || text[at + 1] != 'u') throw error(start, "lone surrogate");
                    at += 2;
                    char low = hex(at - 2);
                    if (!Character.isLowSurrogate(low)) throw error(start, "lone surrogate");
                    out.append(low);
                }
            }
            default -> throw error(start, "unknown escape");
        }
    }

    private char hex(int start) {
        int unit = 0;
        for (int i = 0; i < 4; i++, at++) {
            // Not Character.digit: it takes the digits of every script, though a byte can only be ASCII's.
            int digit = at < end ? "0123456789abcdefABCDEF".indexOf(text[at]) : -1;
            if (digit < 0) throw error(start, "expected four hex digits");
            unit = unit << 4 | (digit < 16 ? digit : digit - 6);
        }
        return (char) unit;
    }

    private void skipSpace() {
        while (at < end && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t')) at++;
    }

    private String found() {
        if (at == end) return "the end";
        byte b = text[at];
        return b > 0x20 && b < 0x7F ? "'" + (char) b + "'" : "0x%02X".formatted(b & 0xFF);
    }

    private ModelFormatException unexpected(String expected) {
        return error(at, "expected " + expected + ", found " + found());
    }

    private ModelFormatException error(int offset, String problem) {
        return new ModelFormatException(source, "byte " + offset, problem);
    }
}
