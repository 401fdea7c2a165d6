package dev.mme5.json;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;

/**
 * Builds compact JSON text on one line: no space, members in the order they are written. Floats and doubles are printed so
 * that they read back exactly; those that are not finite have no JSON form and are refused.
 *
 * {@snippet :
 * String line = new JsonWriter().beginObject().member("id", 7).member("embedding", values).endObject().toString();
 * }
 *
 * <p>Misuse (a value without name in an object, an end too many, text taken before the end) is an {@link IllegalStateException}.
 */
public final class JsonWriter {
    /** What may come next inside a container, or at the root. */
    private enum State {
        ROOT, DONE, FIRST_ELEMENT, ELEMENT, FIRST_NAME, NAME, VALUE
    }

    private final StringBuilder out = new StringBuilder();
    private final Deque<State> outer = new ArrayDeque<>();
    private State state = State.ROOT;

    /** A writer of one value, nothing written yet. */
    public JsonWriter() {}

    /**
     * A JSON string, with quotes. Control characters are escaped, so it stays on one line; so are lone surrogates, which
     * UTF-8 could not carry.
     */
    public static String quote(String value) {
        StringBuilder quoted = new StringBuilder(value.length() + 2);
        quote(value, quoted);
        return quoted.toString();
    }

    private static void quote(String value, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (Character.isHighSurrogate(c) && i + 1 < value.length() && Character.isLowSurrogate(value.charAt(i + 1))) {
                        out.append(c).append(value.charAt(++i));
                    } else if (isHarmless(c)) {
                        out.append(c);
                    } else {
                        out.append("\\u").append(hex(c));
                    }
                }
            }
        }
        out.append('"');
    }

    /** Four hex digits. */
    static String hex(char c) {
        return HexFormat.of().toHexDigits(c);
    }

    /** U+0085, U+2028 and U+2029 are legal in JSON, but some readers of lines would break there. */
    private static boolean isHarmless(char c) {
        return !Character.isISOControl(c) && !Character.isSurrogate(c) && c != '\u2028' && c != '\u2029';
    }

    public JsonWriter beginObject() {
        return begin('{', State.FIRST_NAME);
    }

    public JsonWriter endObject() {
        return end('}', State.FIRST_NAME, State.NAME);
    }

    public JsonWriter beginArray() {
        return begin('[', State.FIRST_ELEMENT);
    }

    public JsonWriter endArray() {
        return end(']', State.FIRST_ELEMENT, State.ELEMENT);
    }

    /** The name of the next value; that it was not written before is the caller's business. */
    public JsonWriter name(String name) {
        if (state == State.NAME) out.append(',');
        else if (state != State.FIRST_NAME) throw new IllegalStateException("a name is not expected here: " + name);
        quote(name, out);
        out.append(':');
        state = State.VALUE;
        return this;
    }

    public JsonWriter value(String value) {
        beforeValue();
        quote(value, out);
        return this;
    }

    public JsonWriter value(long value) {
        beforeValue();
        out.append(value);
        return this;
    }

    public JsonWriter value(boolean value) {
        beforeValue();
        out.append(value);
        return this;
    }

    /** @throws IllegalArgumentException when the value is infinite or not a number */
    public JsonWriter value(float value) {
        if (!Float.isFinite(value)) throw new IllegalArgumentException("JSON has no " + value);
        beforeValue();
        out.append(value);
        return this;
    }

    /** @throws IllegalArgumentException when the value is infinite or not a number */
    public JsonWriter value(double value) {
        if (!Double.isFinite(value)) throw new IllegalArgumentException("JSON has no " + value);
        beforeValue();
        out.append(value);
        return this;
    }

    public JsonWriter nullValue() {
        beforeValue();
        out.append("null");
        return this;
    }

    /** An array of all values, in order. */
    public JsonWriter value(float[] values) {
        beginArray();
        for (float value : values) value(value);
        return endArray();
    }

    /** An array of all values, in order. */
    public JsonWriter value(int[] values) {
        beginArray();
        for (int value : values) value(value);
        return endArray();
    }

    /** An array of all values, in order. */
    public JsonWriter value(long[] values) {
        beginArray();
        for (long value : values) value(value);
        return endArray();
    }

    /** A value that was read; numbers keep their literals. */
    public JsonWriter value(Json value) {
        switch (value) {
            case JsonObject object -> {
                beginObject();
                for (String key : object.keys()) name(key).value(object.get(key));
                endObject();
            }
            case JsonArray array -> {
                beginArray();
                for (Json element : array) value(element);
                endArray();
            }
            case Json.Text text -> value(text.value());
            case Json.Bool bool -> value(bool.value());
            case Json.Null ignored -> nullValue();
            case Json.Number number -> {
                beforeValue();
                out.append(number.literal());
            }
        }
        return this;
    }

    public JsonWriter member(String name, String value) {
        return name(name).value(value);
    }

    public JsonWriter member(String name, long value) {
        return name(name).value(value);
    }

    public JsonWriter member(String name, boolean value) {
        return name(name).value(value);
    }

    public JsonWriter member(String name, float value) {
        return name(name).value(value);
    }

    public JsonWriter member(String name, double value) {
        return name(name).value(value);
    }

    public JsonWriter member(String name, float[] values) {
        return name(name).value(values);
    }

    public JsonWriter member(String name, int[] values) {
        return name(name).value(values);
    }

    public JsonWriter member(String name, Json value) {
        return name(name).value(value);
    }

    /** The finished text. */
    @Override
    public String toString() {
        if (state != State.DONE) throw new IllegalStateException("unfinished JSON: " + out);
        return out.toString();
    }

    private JsonWriter begin(char bracket, State inside) {
        beforeValue();
        out.append(bracket);
        outer.push(state);
        state = inside;
        return this;
    }

    private JsonWriter end(char bracket, State empty, State filled) {
        if (state != empty && state != filled) throw new IllegalStateException("'" + bracket + "' is not expected here");
        out.append(bracket);
        state = outer.pop();
        return this;
    }

    /** Writes the comma where one is due, and moves on to what follows the value. */
    private void beforeValue() {
        state = switch (state) {
            case ROOT -> State.DONE;
            case FIRST_ELEMENT -> State.ELEMENT;
            case ELEMENT -> {
                out.append(',');
                yield State.ELEMENT;
            }
            case VALUE -> State.NAME;
            case DONE, FIRST_NAME, NAME -> throw new IllegalStateException("a value is not expected here");
        };
    }
}
