package dev.mme5.json;

import java.util.Objects;

/**
 * A JSON value as it stands in a file of the model. Containers know where they stand, so that their typed getters can refuse
 * with file and place. {@code toString} of every value is a short description for such messages, on one line.
 */
public sealed interface Json permits JsonObject, JsonArray, Json.Text, Json.Number, Json.Bool, Json.Null {

    /** A string, with its escapes resolved. */
    record Text(String value) implements Json {
        private static final int SHOWN = 60;

        public Text {
            Objects.requireNonNull(value);
        }

        @Override
        public String toString() {
            if (value.length() <= SHOWN) return JsonWriter.quote(value);
            int cut = Character.isHighSurrogate(value.charAt(SHOWN - 1)) ? SHOWN - 1 : SHOWN;
            return JsonWriter.quote(value.substring(0, cut)) + "...";
        }
    }

    /**
     * A number, kept as it is written: what it may be read as is decided by who asks.
     *
     * @param literal by the grammar of RFC 8259 section 6, for example {@code -1.5e-3}
     */
    record Number(String literal) implements Json {
        private static final int SHOWN = 40;

        /** @throws IllegalArgumentException when the literal is not a JSON number */
        public Number {
            if (!Numbers.isLiteral(literal)) throw new IllegalArgumentException("not a JSON number: " + literal);
        }

        @Override
        public String toString() {
            return literal.length() <= SHOWN ? literal : literal.substring(0, SHOWN) + "...";
        }
    }

    /** {@code true} or {@code false}. */
    record Bool(boolean value) implements Json {
        @Override
        public String toString() {
            return Boolean.toString(value);
        }
    }

    /** {@code null}. */
    record Null() implements Json {
        @Override
        public String toString() {
            return "null";
        }
    }
}
