package dev.mme5.json;

import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Converts a value to the expected type, or throws the exception that {@code error} makes of the problem. The caller knows the
 * location; the wording "expected ..., found ..." is the same everywhere.
 */
final class JsonTypeChecks {
    private JsonTypeChecks() {}

    static JsonObject object(Json found, Function<String, ModelFormatException> error) {
        if (found instanceof JsonObject object) return object;
        throw error.apply("expected an object, found " + found);
    }

    static JsonArray array(Json found, Function<String, ModelFormatException> error) {
        if (found instanceof JsonArray array) return array;
        throw error.apply("expected an array, found " + found);
    }

    static String text(Json found, Function<String, ModelFormatException> error) {
        if (found instanceof Json.Text text) return text.value();
        throw error.apply("expected a string, found " + found);
    }

    static boolean bool(Json found, Function<String, ModelFormatException> error) {
        if (found instanceof Json.Bool bool) return bool.value();
        throw error.apply("expected true or false, found " + found);
    }

    static long longInteger(Json found, Function<String, ModelFormatException> error) {
        if (found instanceof Json.Number number) {
            OptionalLong exact = Numbers.exactLong(number.literal());
            if (exact.isPresent()) return exact.getAsLong();
        }
        throw error.apply("expected an integer, found " + found);
    }

    static int integer(Json found, Function<String, ModelFormatException> error) {
        long value = longInteger(found, error);
        if (value == (int) value) return (int) value;
        throw error.apply("expected an integer of 32 bits, found " + found);
    }

    static double number(Json found, Function<String, ModelFormatException> error) {
        if (!(found instanceof Json.Number number)) throw error.apply("expected a number, found " + found);
        double value = Double.parseDouble(number.literal());
        if (Double.isFinite(value)) return value;
        throw error.apply("expected a finite number, found " + found);
    }
}
