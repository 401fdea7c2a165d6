package dev.mme5.tokenizer.common;

import dev.mme5.json.Json;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonWriter;
import dev.mme5.json.ModelFormatException;

/** Refusals of files that are valid but need a kind of tokenizer, or a setting, that is not implemented here. */
public final class KindChecks {
    private KindChecks() {}

    /** @throws ModelFormatException if the member is not the expected string */
    public static void requireText(JsonObject holder, String key, String expected) {
        if (!holder.text(key).equals(expected)) throw unsupported(holder, key, JsonWriter.quote(expected));
    }

    /**
     * @param orElse the meaning of a missing flag, by the defaults of the tokenizers library
     * @throws ModelFormatException if the member is not the expected boolean
     */
    public static void requireFlag(JsonObject holder, String key, boolean orElse, boolean expected) {
        if (holder.bool(key, orElse) != expected) throw unsupported(holder, key, String.valueOf(expected));
    }

    /** @throws ModelFormatException if the member exists and is not {@code null} */
    public static void requireNull(JsonObject holder, String key) {
        if (holder.has(key)) throw unsupported(holder, key, "null");
    }

    /** Makes the refusal of a member that is valid but not supported. */
    public static ModelFormatException unsupported(JsonObject holder, String key, String expected) {
        String found = switch (holder.get(key)) {
            case null -> "nothing";
            case JsonObject object when object.get("type") instanceof Json.Text type -> type.toString();
            case Json.Text text -> JsonWriter.quote(text.value());   // in full, because patterns can differ late
            case Json other -> other.toString();
        };
        return holder.error(key, "a tokenizer of another kind: expected %s, found %s".formatted(expected, found));
    }
}
