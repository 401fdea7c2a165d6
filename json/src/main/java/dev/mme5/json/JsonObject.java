package dev.mme5.json;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * An object of a JSON file, members in file order. The getters refuse with a {@link ModelFormatException} that names file,
 * place, expected and found.
 *
 * <p>A getter with a default uses it when the member is absent or {@code null}, never when it is of another type.
 */
public final class JsonObject implements Json {
    private final JsonLocation place;
    private final Map<String, Json> members = new LinkedHashMap<>();

    JsonObject(JsonLocation place) {
        this.place = place;
    }

    /** False when the name is there already. */
    boolean add(String key, Json value) {
        return members.putIfAbsent(key, value) == null;
    }

    /** The file, as it was named to the reader. */
    public String source() {
        return place.source();
    }

    /** Where in the file, for example {@code text_config.rope_scaling} or {@code added_tokens[3]}; empty at the root. */
    public String place() {
        return place.toString();
    }

    /** The members' names in file order, those with the value {@code null} too. */
    public Set<String> keys() {
        return Collections.unmodifiableSet(members.keySet());
    }

    /** Whether the member is there and not {@code null}. */
    public boolean has(String key) {
        Json value = members.get(key);
        return value != null && !(value instanceof Json.Null);
    }

    /** The member, or null when there is none; JSON's {@code null} is a {@link Json.Null}. */
    public Json get(String key) {
        return members.get(key);
    }

    public JsonObject object(String key) {
        return JsonTypeChecks.object(required(key), problem -> error(key, problem));
    }

    public JsonArray array(String key) {
        return JsonTypeChecks.array(required(key), problem -> error(key, problem));
    }

    public String text(String key) {
        return JsonTypeChecks.text(required(key), problem -> error(key, problem));
    }

    /** An integer of 32 bits; {@code 3.0} and {@code 3e0} are integers too. */
    public int integer(String key) {
        return JsonTypeChecks.integer(required(key), problem -> error(key, problem));
    }

    /** An integer of 64 bits; {@code 3.0} and {@code 3e0} are integers too. */
    public long longInteger(String key) {
        return JsonTypeChecks.longInteger(required(key), problem -> error(key, problem));
    }

    /** A number that a double can hold: finite, rounded to the nearest. */
    public double number(String key) {
        return JsonTypeChecks.number(required(key), problem -> error(key, problem));
    }

    public boolean bool(String key) {
        return JsonTypeChecks.bool(required(key), problem -> error(key, problem));
    }

    public String text(String key, String orElse) {
        return has(key) ? text(key) : orElse;
    }

    public int integer(String key, int orElse) {
        return has(key) ? integer(key) : orElse;
    }

    public long longInteger(String key, long orElse) {
        return has(key) ? longInteger(key) : orElse;
    }

    public double number(String key, double orElse) {
        return has(key) ? number(key) : orElse;
    }

    public boolean bool(String key, boolean orElse) {
        return has(key) ? bool(key) : orElse;
    }

    /** A refusal about one member, to be thrown by who found the problem. */
    public ModelFormatException error(String key, String problem) {
        return new ModelFormatException(source(), place.member(key), problem);
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
