package dev.mme5.cli.input;

import dev.mme5.engine.Input;
import dev.mme5.json.Json;

/**
 * One input as the user named it, or why it cannot be read.
 *
 * @param id to be echoed with the result: any JSON scalar
 * @param text the string as it was given, before the standard form for pictures was built around it
 * @param input what to embed, or null when the request failed
 * @param error why it failed, or null
 */
public record InputRecord(Json id, String text, Input input, String error) {
    public static InputRecord of(Json id, String text, Input input) {
        return new InputRecord(id, text, input, null);
    }

    public static InputRecord failed(Json id, String error) {
        return new InputRecord(id, null, null, error);
    }

    /** The id of an input that has none of its own. */
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
