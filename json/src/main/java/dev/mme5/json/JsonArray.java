package dev.mme5.json;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/**
 * An array of a JSON file. The getters refuse with a {@link ModelFormatException} that names file, place, expected and found;
 * an index out of range is the caller's mistake and an {@link IndexOutOfBoundsException}.
 */
public final class JsonArray implements Json, Iterable<Json> {
    private static final Json[] NONE = {};

    private final JsonLocation place;
    private Json[] elements = NONE;

    JsonArray(JsonLocation place) {
        this.place = place;
    }

    /** Called once, by the reader: elements need their array as parent before the array is complete. */
    void fill(List<Json> read) {
        elements = read.toArray(NONE);
    }

    /** The file, as it was named to the reader. */
    public String source() {
        return place.source();
    }

    /** Where in the file, for example {@code model.merges}; empty at the root. */
    public String place() {
        return place.toString();
    }

    public int size() {
        return elements.length;
    }

    public Json get(int i) {
        return elements[i];
    }

    public JsonObject object(int i) {
        return JsonTypeChecks.object(get(i), problem -> error(i, problem));
    }

    public JsonArray array(int i) {
        return JsonTypeChecks.array(get(i), problem -> error(i, problem));
    }

    public String text(int i) {
        return JsonTypeChecks.text(get(i), problem -> error(i, problem));
    }

    /** An integer of 32 bits; {@code 3.0} and {@code 3e0} are integers too. */
    public int integer(int i) {
        return JsonTypeChecks.integer(get(i), problem -> error(i, problem));
    }

    /** An integer of 64 bits; {@code 3.0} and {@code 3e0} are integers too. */
    public long longInteger(int i) {
        return JsonTypeChecks.longInteger(get(i), problem -> error(i, problem));
    }

    /** A number that a double can hold: finite, rounded to the nearest. */
    public double number(int i) {
        return JsonTypeChecks.number(get(i), problem -> error(i, problem));
    }

    public boolean bool(int i) {
        return JsonTypeChecks.bool(get(i), problem -> error(i, problem));
    }

    /** All elements as integers of 32 bits. */
    public int[] integers() {
        int[] all = new int[size()];
        for (int i = 0; i < all.length; i++) all[i] = integer(i);
        return all;
    }

    /** All elements as strings, unmodifiable. */
    public List<String> texts() {
        List<String> all = new ArrayList<>(size());
        for (int i = 0; i < size(); i++) all.add(text(i));
        return Collections.unmodifiableList(all);
    }

    @Override
    public Iterator<Json> iterator() {
        return Collections.unmodifiableList(Arrays.asList(elements)).iterator();
    }

    /** A refusal about one element, to be thrown by who found the problem. */
    public ModelFormatException error(int index, String problem) {
        return new ModelFormatException(source(), place.element(index), problem);
    }

    @Override
    public String toString() {
        return "an array";
    }
}
