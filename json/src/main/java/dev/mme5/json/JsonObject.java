package dev.mme5.json;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * An object of a JSON file, with its members in file order. If a member is missing or has another type, a getter throws a
 * {@link ModelFormatException} that names file, location, expected and found.
 *
 * <p>A getter with a default returns it if the member is absent or {@code null}, but refuses a member of another type.
 */
public final class JsonObject implements Json {
    private final JsonLocation location;
    private final Map<String, Json> members = new LinkedHashMap<>();

    JsonObject(JsonLocation location) {
        this.location = location;
    }

    /** Adds a member and returns true, or returns false if the object already has a member of that name. */
    boolean add(String key, Json value) {
        return members.putIfAbsent(key, value) == null;
    }

    /** The file, as it was named to {@link JsonReader}. */
    public String source() {
        return location.source();
    }

    /** The path in the file, for example {@code text_config.rope_scaling} or {@code added_tokens[3]}; empty at the root. */
    public String location() {
        return location.toString();
    }

    /** The names of all members in file order, including those whose value is {@code null}. */
    public Set<String> keys() {
        return Collections.unmodifiableSet(members.keySet());
    }

    /** Whether the member exists and is not {@code null}. */
    public boolean has(String key) {
        Json value = members.get(key);
        return value != null && !(value instanceof Json.Null);
    }

    /** The member, of any type, or null if it does not exist; JSON's {@code null} is a {@link Json.Null}. */
    public Json get(String key) {
        return members.get(key);
    }

    /** The member, which must be an object. */
    public JsonObject object(String key) {
        return JsonTypeChecks.object(required(key), problem -> error(key, problem));
    }

    /** The member, which must be an array. */
    public JsonArray array(String key) {
        return JsonTypeChecks.array(required(key), problem -> error(key, problem));
    }

    /** The member, which must be a string. */
    public String text(String key) {
        return JsonTypeChecks.text(required(key), problem -> error(key, problem));
    }

    /** The member, which must be an integer of 32 bits; {@code 3.0} and {@code 3e0} are integers too. */
    public int integer(String key) {
        return JsonTypeChecks.integer(required(key), problem -> error(key, problem));
    }

    /** The member, which must be an integer of 64 bits; {@code 3.0} and {@code 3e0} are integers too. */
    public long longInteger(String key) {
        return JsonTypeChecks.longInteger(required(key), problem -> error(key, problem));
    }

    /** The member, which must be a number in the range of a double; it is rounded to the nearest. */
    public double number(String key) {
        return JsonTypeChecks.number(required(key), problem -> error(key, problem));
    }

    /** The member, which must be {@code true} or {@code false}. */
    public boolean bool(String key) {
        return JsonTypeChecks.bool(required(key), problem -> error(key, problem));
    }

    /** A string, or the default. */
    public String text(String key, String orElse) {
        return has(key) ? text(key) : orElse;
    }

    /** An integer of 32 bits, or the default. */
    public int integer(String key, int orElse) {
        return has(key) ? integer(key) : orElse;
    }

    /** An integer of 64 bits, or the default. */
    public long longInteger(String key, long orElse) {
        return has(key) ? longInteger(key) : orElse;
    }

    /** A number in the range of a double, or the default. */
    public double number(String key, double orElse) {
        return has(key) ? number(key) : orElse;
    }

    /** {@code true} or {@code false}, or the default. */
    public boolean bool(String key, boolean orElse) {
        return has(key) ? bool(key) : orElse;
    }

    /** Makes the refusal of one member, for the caller to throw. */
    public ModelFormatException error(String key, String problem) {
        return new ModelFormatException(source(), location.member(key), problem);
    }

    private Json required(String key) {
        Json value = members.get(key);
        if (value == null) throw error(key, "missing");
        return value;
    }

    @Override
    public String toString() {
        return "an object";
    }
}
