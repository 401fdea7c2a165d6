package dev.mme5.server.api;

import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import dev.mme5.json.JsonWriter;
import dev.mme5.json.ModelFormatException;
import dev.mme5.server.http.Problem;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The instructions that go with the kinds of inputs, as the operator chose them. Without them a text is taken as it is.
 *
 * @param templates by name; <code>{}</code> in one stands for the text, which otherwise follows
 */
public record Instructions(Map<String, String> templates) {
    /** No instructions. */
    public static final Instructions NONE = new Instructions(Map.of());

    private static final String PLACEHOLDER = "{}";
    private static final String IMAGE = "image";
    private static final Set<String> QUERY = Set.of("query", "search_query");
    private static final Set<String> DOCUMENT = Set.of("document", "passage", "search_document");

    /** What a client may say although there is no instruction for it: kinds of Cohere and Azure, and the other names of two of them. */
    private static final List<String> KINDS =
            List.of("search_document", "search_query", "classification", "clustering", IMAGE, "text", "document", "passage", "query");

    public Instructions {
        templates = Map.copyOf(templates);
    }

    /**
     * Reads a file: an object of names and instructions.
     *
     * @throws ModelFormatException when it is no such object
     */
    public static Instructions read(Path file) {
        JsonObject json = JsonReader.readObject(file);
        Map<String, String> templates = new LinkedHashMap<>();
        for (String name : json.keys()) templates.put(name, json.text(name));
        return new Instructions(templates);
    }

    /**
     * The kind of input that a request names in {@code input_type}; null if it names none, or an empty one.
     *
     * @throws Problem when there are instructions and nobody knows the kind: a misspelt one would leave out the instruction
     */
    String inputType(JsonObject body) {
        String kind = body.text("input_type", null);
        if (kind == null || kind.isEmpty()) return null;
        if (templates.isEmpty() || KINDS.contains(kind) || templates.containsKey(kind)) return kind;
        Set<String> known = new LinkedHashSet<>(KINDS);
        templates.keySet().stream().sorted().forEach(known::add);
        throw Problem.wrong("input_type", "input_type: expected one of " + known + ", found " + JsonWriter.quote(kind));
    }

    /** The text with the instruction of a kind of input; unchanged if there is none. */
    String apply(String kind, String text) {
        String template = find(kind);
        return template == null ? text : fill(template, text);
    }

    static String fill(String template, String text) {
        return template.contains(PLACEHOLDER) ? template.replace(PLACEHOLDER, text) : template + text;
    }

    /** The instruction for an image without words. */
    String forImages(String standard) {
        return templates.getOrDefault(IMAGE, standard);
    }

    /** Null if there is none. */
    String find(String kind) {
        if (kind == null) return null;
        String template = templates.get(kind);
        if (template == null && QUERY.contains(kind)) template = firstOf(QUERY);
        if (template == null && DOCUMENT.contains(kind)) template = firstOf(DOCUMENT);
        return template;
    }

    private String firstOf(Set<String> names) {
        return names.stream().sorted().map(templates::get).filter(template -> template != null).findFirst().orElse(null);
    }
}
