package dev.mme5.json;

import java.util.Objects;

/**
 * A JSON value read from a file. Objects and arrays know their location, so their typed getters can refuse a value with file
 * and location. {@code toString} of every value is a short description on one line, for use in messages.
 */
public sealed interface Json permits JsonObject, JsonArray, Json.Text, Json.Number, Json.Bool, Json.Null {

    /** A string, with its escapes resolved. */
    record Text(String value) implements Json {
        private static final int MAX_DESCRIBED_LENGTH = 60;

        public Text {
            Objects.requireNonNull(value);
        }

        @Override
        public String toString() {
            if (value.length() <= MAX_DESCRIBED_LENGTH) return JsonWriter.quote(value);
            boolean splitsPair = Character.isHighSurrogate(value.charAt(MAX_DESCRIBED_LENGTH - 1));
            int end = splitsPair ? MAX_DESCRIBED_LENGTH - 1 : MAX_DESCRIBED_LENGTH;
            return JsonWriter.quote(value.substring(0, end)) + "...";
        }
    }

    /**
     * A number, kept as its literal: the getter that is called decides which type it is converted to.
     *
     * @param literal a number by the grammar of RFC 8259 section 6, for example {@code -1.5e-3}
     */
    record Number(String literal) implements Json {
        private static final int MAX_DESCRIBED_LENGTH = 40;

        /** Whether a text is a JSON number. */
        public static boolean isLiteral(String text) {
            return Numbers.isLiteral(text);
        }

        /** @throws IllegalArgumentException if the literal is not a JSON number */
        public Number {
            if (!Numbers.isLiteral(literal)) throw new IllegalArgumentException("not a JSON number: " + literal);
        }

        @Override
        public String toString() {
            return literal.length() <= MAX_DESCRIBED_LENGTH ? literal : literal.substring(0, MAX_DESCRIBED_LENGTH) + "...";
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
