package dev.mme5.json;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;

/**
 * Writes compact JSON on one line: no white space, members in the order of the calls. Floats and doubles are printed so that
 * they read back exactly; JSON has no form for infinities and NaN, so they are refused.
 *
 * {@snippet :
 * String line = new JsonWriter().beginObject().member("id", 7).member("embedding", values).endObject().toString();
 * }
 *
 * <p>Misuse (a value without name in an object, an end too many, text taken before the end) throws an {@link
 * IllegalStateException}.
 */
public final class JsonWriter {
    /** What may follow inside an object or array, or at the root. */
    private enum State {
        ROOT, DONE, FIRST_ELEMENT, ELEMENT, FIRST_NAME, NAME, VALUE
    }

    private final StringBuilder out = new StringBuilder();
    private final Deque<State> outer = new ArrayDeque<>();
    private State state = State.ROOT;

    /** A writer of one value. */
    public JsonWriter() {}

    /**
     * Returns a JSON string, with quotes. Control characters are escaped, so it stays on one line. Unpaired surrogates are
     * escaped because UTF-8 has no form for them.
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

    /** U+0085, U+2028 and U+2029 are legal in JSON, but some programs end a line there. */
    private static boolean isHarmless(char c) {
        return !Character.isISOControl(c) && !Character.isSurrogate(c) && c != '\u2028' && c != '\u2029';
    }

    /** Opens an object. */
    public JsonWriter beginObject() {
        return begin('{', State.FIRST_NAME);
    }

    /** Closes the innermost object. */
    public JsonWriter endObject() {
        return end('}', State.FIRST_NAME, State.NAME);
    }

    /** Opens an array. */
    public JsonWriter beginArray() {
        return begin('[', State.FIRST_ELEMENT);
    }

    /** Closes the innermost array. */
    public JsonWriter endArray() {
        return end(']', State.FIRST_ELEMENT, State.ELEMENT);
    }

    /** Writes the name of the next value. The caller makes sure that names are unique. */
    public JsonWriter name(String name) {
        if (state == State.NAME) out.append(',');
        else if (state != State.FIRST_NAME) throw new IllegalStateException("a name is not expected here: " + name);
        quote(name, out);
        out.append(':');
        state = State.VALUE;
        return this;
    }

    /** Writes a string. */
    public JsonWriter value(String value) {
        beforeValue();
        quote(value, out);
        return this;
    }

    /** Writes an integer. */
    public JsonWriter value(long value) {
        beforeValue();
        out.append(value);
        return this;
    }

    /** Writes {@code true} or {@code false}. */
    public JsonWriter value(boolean value) {
        beforeValue();
        out.append(value);
        return this;
    }

    /**
     * Writes a number.
     *
     * @throws IllegalArgumentException if the value is infinite or not a number
     */
    public JsonWriter value(float value) {
        if (!Float.isFinite(value)) throw new IllegalArgumentException("JSON has no " + value);
        beforeValue();
        out.append(value);
        return this;
    }

    /**
     * Writes a number.
     *
     * @throws IllegalArgumentException if the value is infinite or not a number
     */
    public JsonWriter value(double value) {
        if (!Double.isFinite(value)) throw new IllegalArgumentException("JSON has no " + value);
        beforeValue();
        out.append(value);
        return this;
    }

    /** Writes {@code null}. */
    public JsonWriter nullValue() {
        beforeValue();
        out.append("null");
        return this;
    }

    /** Writes an array. */
    public JsonWriter value(float[] values) {
        beginArray();
        for (float value : values) value(value);
        return endArray();
    }

    /** Writes an array. */
    public JsonWriter value(int[] values) {
        beginArray();
        for (int value : values) value(value);
        return endArray();
    }

    /** Writes an array. */
    public JsonWriter value(long[] values) {
        beginArray();
        for (long value : values) value(value);
        return endArray();
    }

    /** Writes a value that was read; numbers keep their literals. */
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

    /** Writes a name and its value. */
    public JsonWriter member(String name, String value) {
        return name(name).value(value);
    }

    /** Writes a name and its value. */
    public JsonWriter member(String name, long value) {
        return name(name).value(value);
    }

    /** Writes a name and its value. */
    public JsonWriter member(String name, boolean value) {
        return name(name).value(value);
    }

    /** Writes a name and its value. */
    public JsonWriter member(String name, float value) {
        return name(name).value(value);
    }

    /** Writes a name and its value. */
    public JsonWriter member(String name, double value) {
        return name(name).value(value);
    }

    /** Writes a name and its value. */
    public JsonWriter member(String name, float[] values) {
        return name(name).value(values);
    }

    /** Writes a name and its value. */
    public JsonWriter member(String name, int[] values) {
        return name(name).value(values);
    }

    /** Writes a name and its value. */
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

    /** Writes a comma if one is needed and changes the state to what may follow the value. */
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
