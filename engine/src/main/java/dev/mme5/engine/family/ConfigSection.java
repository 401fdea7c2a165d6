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
 * configuration classes. Because a wrong default gives slightly wrong vectors for ever, every one that is used is recorded.
 */
public final class ConfigSection {
    /**
     * A default that was used.
     *
     * @param key such as {@code text_config.rms_norm_eps}
     */
    public record Default(String key, String value) {}

    private final JsonObject json;
    private final List<Default> defaultsUsed;

    public ConfigSection(JsonObject json, List<Default> defaultsUsed) {
        this.json = json;
        this.defaultsUsed = defaultsUsed;
    }

    public JsonObject json() {
        return json;
    }

    /** An integer from 1 to {@code max}. */
    public int count(String key, int max, int defaultValue) {
        int value = integer(key, defaultValue);
        if (value < 1 || value > max) throw json.error(key, "expected 1 to " + max + ", found " + value);
        return value;
    }

    public int integer(String key, int defaultValue) {
        return absent(key, defaultValue) ? defaultValue : json.integer(key);
    }

    /** A finite number that passes the test. */
    public double number(String key, double defaultValue, DoublePredicate test, String expected) {
        double value = absent(key, defaultValue) ? defaultValue : json.number(key);
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

    /** Different integers from 0 to {@code max}. */
    public List<Integer> indices(String key, int max, List<Integer> defaultValue) {
        List<Integer> indices = new ArrayList<>();
        if (absent(key, defaultValue)) {
            indices.addAll(defaultValue);
        } else {
            for (int index : json.array(key).integers()) indices.add(index);
        }
        for (int i = 0; i < indices.size(); i++) {
            int index = indices.get(i);
            if (index < 0 || index > max) throw json.error(key, "expected indices from 0 to " + max + ", found " + index);
            if (indices.indexOf(index) < i) throw json.error(key, "index " + index + " occurs twice");
        }
        return indices;
    }

    /** An array, or null when it is left out. */
    public JsonArray array(String key, Object defaultValue) {
        return absent(key, defaultValue) ? null : json.array(key);
    }

    public ModelFormatException error(String key, String problem) {
        return json.error(key, problem);
    }

    private boolean absent(String key, Object defaultValue) {
        if (json.has(key)) return false;
        String location = json.location().isEmpty() ? key : json.location() + "." + key;
        defaultsUsed.add(new Default(location, String.valueOf(defaultValue)));
        return true;
    }
}
