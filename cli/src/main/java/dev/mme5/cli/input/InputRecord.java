package dev.mme5.cli.input;

import dev.mme5.engine.Input;
import dev.mme5.json.Json;

/**
 * One input of a command, or the reason why it cannot be read.
 *
 * @param id any JSON scalar; written with the result
 * @param text the text as given, without the standard form for images around it
 * @param input the input to embed, or null if the record failed
 * @param error the reason of the failure, or null
 */
public record InputRecord(Json id, String text, Input input, String error) {
    public static InputRecord of(Json id, String text, Input input) {
        return new InputRecord(id, text, input, null);
    }

    public static InputRecord failed(Json id, String error) {
        return new InputRecord(id, null, null, error);
    }

    /** The id of an input without one. */
    public static Json number(long place) {
        return new Json.Number(Long.toString(place));
    }

    public boolean failed() {
        return error != null;
    }

    /** The id as text, for messages and tables. */
    public static String plain(Json id) {
        return switch (id) {
            case Json.Text text -> text.value();
            case Json.Number number -> number.literal();
            default -> id.toString();
        };
    }
}
