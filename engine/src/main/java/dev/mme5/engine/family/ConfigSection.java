package dev.mme5.engine.family;

import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonWriter;
import dev.mme5.json.ModelFormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoublePredicate;

/**
 * One object of config.json whose keys may be left out: files of the hub omit keys that have the default of Hugging Face's
 * configuration classes. Every default that is used is noted, since a wrong one gives slightly wrong vectors for ever.
 */
public final class ConfigSection {
    private final JsonObject json;
    private final List<String> defaultsUsed;

    public ConfigSection(JsonObject json, List<String> defaultsUsed) {
        this.json = json;
        this.defaultsUsed = defaultsUsed;
    }

    public JsonObject json() {
        return json;
    }

    /** An integer from 1 to {@code most}. */
    public int count(String key, int most, int byDefault) {
        int value = integer(key, byDefault);
        if (value < 1 || value > most) throw json.error(key, "expected 1 to " + most + ", found " + value);
        return value;
    }

    public int integer(String key, int byDefault) {
        return absent(key, byDefault) ? byDefault : json.integer(key);
    }

    /** A finite number that passes the test. */
    public double number(String key, double byDefault, DoublePredicate test, String expected) {
        double value = absent(key, byDefault) ? byDefault : json.number(key);
        if (!test.test(value)) throw json.error(key, "expected " + expected + ", found " + value);
        return value;
    }

    /** A text that must have this value. */
    public void only(String key, String value) {
        String found = absent(key, value) ? value : json.text(key);
        if (!found.equals(value)) throw json.error(key, "expected " + JsonWriter.quote(value) + ", found " + JsonWriter.quote(found));
    }

    /** Like {@link #only}, for a key whose absence says nothing. */
    public void onlyIfPresent(String key, String value) {
        if (json.has(key)) only(key, value);
    }

    /** Different integers from 0 to {@code most}. */
    public List<Integer> indices(String key, int most, List<Integer> byDefault) {
        List<Integer> indices = new ArrayList<>();
        if (absent(key, byDefault)) {
            indices.addAll(byDefault);
        } else {
            for (int index : json.array(key).integers()) indices.add(index);
        }
        for (int i = 0; i < indices.size(); i++) {
            int index = indices.get(i);
            if (index < 0 || index > most) throw json.error(key, "expected indices from 0 to " + most + ", found " + index);
            if (indices.indexOf(index) < i) throw json.error(key, "index " + index + " occurs twice");
        }
        return indices;
    }

    /** An array, or null when it is left out. */
    public JsonArray array(String key, Object byDefault) {
        return absent(key, byDefault) ? null : json.array(key);
    }

    public ModelFormatException error(String key, String problem) {
        return json.error(key, problem);
    }

    private boolean absent(String key, Object byDefault) {
        if (json.has(key)) return false;
        String place = json.location().isEmpty() ? key : json.location() + "." + key;
        defaultsUsed.add(place + " = " + byDefault);
        return true;
    }
}
