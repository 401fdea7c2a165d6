package dev.mme5.tokenizer.settings;

import dev.mme5.json.JsonObject;
import dev.mme5.json.ModelFormatException;
import java.util.function.Function;

/** The content of an added token, as files have it: a string, or an object with flags. */
public final class TokenContent {
    /** Maximum length of an added token, in characters. Encoding compares every offset of a text with them, to their end. */
    private static final int MAX_LENGTH = 1000;

    private TokenContent() {}

    /** The content of a member; the default if there is none. */
    public static String of(JsonObject holder, String key, String orElse) {
        return holder.get(key) instanceof JsonObject entry ? of(entry) : holder.has(key) ? text(holder, key) : orElse;
    }

    /** The content of an object with flags. */
    public static String of(JsonObject entry) {
        return text(entry, "content");
    }

    private static String text(JsonObject holder, String key) {
        return checked(holder.text(key), problem -> holder.error(key, problem));
    }

    /** @throws ModelFormatException if it is empty or too long */
    public static String checked(String content, Function<String, ModelFormatException> error) {
        if (content.isEmpty()) throw error.apply("is empty");
        if (content.length() > MAX_LENGTH) {
            throw error.apply("expected at most %d characters, found %d".formatted(MAX_LENGTH, content.length()));
        }
        return content;
    }
}
