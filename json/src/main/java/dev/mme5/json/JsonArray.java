package dev.mme5.json;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/**
 * An array of a JSON file. If an element has another type, a getter throws a {@link ModelFormatException} that names file,
 * location, expected and found. An index out of range is a programming error and an {@link IndexOutOfBoundsException}.
 */
public final class JsonArray implements Json, Iterable<Json> {
    private static final Json[] NONE = {};

    private final JsonLocation location;
    private Json[] elements = NONE;

    JsonArray(JsonLocation location) {
        this.location = location;
    }

    /** Called once, by the parser: elements need the location of their array before the array is complete. */
    void setElements(List<Json> parsed) {
        elements = parsed.toArray(NONE);
    }

    /** The file, as it was named to {@link JsonReader}. */
    public String source() {
        return location.source();
    }

    /** The path in the file, for example {@code model.merges}; empty at the root. */
    public String location() {
        return location.toString();
    }

    /** Number of elements. */
    public int size() {
        return elements.length;
    }

    /** The element at an index, of any type. */
    public Json get(int i) {
        return elements[i];
    }

    /** The element at an index, which must be an object. */
    public JsonObject object(int i) {
        return JsonTypeChecks.object(get(i), problem -> error(i, problem));
    }

    /** The element at an index, which must be an array. */
    public JsonArray array(int i) {
        return JsonTypeChecks.array(get(i), problem -> error(i, problem));
    }

    /** The element at an index, which must be a string. */
    public String text(int i) {
        return JsonTypeChecks.text(get(i), problem -> error(i, problem));
    }

    /** The element at an index, which must be an integer of 32 bits; {@code 3.0} and {@code 3e0} are integers too. */
    public int integer(int i) {
        return JsonTypeChecks.integer(get(i), problem -> error(i, problem));
    }

    /** The element at an index, which must be an integer of 64 bits; {@code 3.0} and {@code 3e0} are integers too. */
    public long longInteger(int i) {
        return JsonTypeChecks.longInteger(get(i), problem -> error(i, problem));
    }

    /** The element at an index, which must be a number in the range of a double; it is rounded to the nearest. */
    public double number(int i) {
        return JsonTypeChecks.number(get(i), problem -> error(i, problem));
    }

    /** The element at an index, which must be {@code true} or {@code false}. */
    public boolean bool(int i) {
        return JsonTypeChecks.bool(get(i), problem -> error(i, problem));
    }

    /** A copy of all elements, which must be integers of 32 bits. */
    public int[] integers() {
        int[] all = new int[size()];
        for (int i = 0; i < all.length; i++) all[i] = integer(i);
        return all;
    }

    /** All elements, which must be strings; unmodifiable. */
    public List<String> texts() {
        List<String> all = new ArrayList<>(size());
        for (int i = 0; i < size(); i++) all.add(text(i));
        return Collections.unmodifiableList(all);
    }

    @Override
    public Iterator<Json> iterator() {
        return Collections.unmodifiableList(Arrays.asList(elements)).iterator();
    }

    /** Makes the refusal of one element, for the caller to throw. */
    public ModelFormatException error(int index, String problem) {
        return new ModelFormatException(source(), location.element(index), problem);
    }

    @Override
    public String toString() {
        return "an array";
    }
}
