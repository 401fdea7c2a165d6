package dev.mme5.search.index;

import dev.mme5.engine.Input;
import dev.mme5.json.Json;
import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonWriter;
import dev.mme5.weights.file.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The data of one document in the index, without its vector.
 *
 * @param id its name
 * @param kind {@code image}, {@code text} or {@code mixed}
 * @param title the beginning of its text on one line; empty for an image with the standard instruction
 * @param content key of everything that the vector depends on, a SHA-256
 * @param files the files it was read from
 * @param truncated whether the end of its text was cut off
 */
public record IndexEntry(String id, String kind, String title, String content, List<FileStamp> files, boolean truncated) {
    private static final Set<String> KINDS = Set.of("image", "text", "mixed");
    private static final int MAX_TITLE_CHARACTERS = 100;

    public IndexEntry {
        Objects.requireNonNull(id, "id");
        if (!KINDS.contains(kind)) throw new IllegalArgumentException("kind is " + kind);
        Objects.requireNonNull(title, "title");
        if (!Sha256.isHex(content)) throw new IllegalArgumentException("content is not 64 hexadecimal digits");
        files = List.copyOf(files);
    }

    /**
     * The beginning of an input's own text, without the standard instruction, and without the special tokens that are recognised in it.
     *
     * @param prompt what was put in front of the text, and is not part of the title
     */
    public static String titleOf(Input input, String prompt) {
        String words = input.prompt().substring(prompt.length());
        if (!input.isPlain()) words = words.replace(Input.IMAGE_TOKEN, "").replace(Input.BEGIN_OF_TEXT, "");
        if (words.equals(Input.STANDARD_INSTRUCTION) && !input.images().isEmpty()) return "";
        String line = words.strip().replaceAll("[\\s\\p{Cntrl}]+", " ");
        if (line.codePointCount(0, line.length()) <= MAX_TITLE_CHARACTERS) return line;
        return line.substring(0, line.offsetByCodePoints(0, MAX_TITLE_CHARACTERS - 1)) + "…";
    }

    /** One line of JSON. */
    String toJson() {
        JsonWriter json = new JsonWriter().beginObject()
                .member("id", id)
                .member("kind", kind)
                .member("title", title)
                .member("content", content)
                .name("files").beginArray();
        for (FileStamp file : files) {
            json.beginObject()
                    .member("name", file.name())
                    .member("size", file.size())
                    .member("modified", file.modified())
                    .member("changed", file.changed())
                    .member("sha256", file.sha256())
                    .endObject();
        }
        json.endArray();
        if (truncated) json.member("truncated", true);
        return json.endObject().toString();
    }

    /** @throws dev.mme5.json.ModelFormatException if the object is not what {@link #toJson} writes */
    static IndexEntry fromJson(JsonObject json) {
        JsonArray array = json.array("files");
        List<FileStamp> files = new ArrayList<>(array.size());
        for (int i = 0; i < array.size(); i++) {
            JsonObject file = array.object(i);
            try {
                long changed = file.longInteger("changed", 0); // earlier versions did not have it
                files.add(new FileStamp(
                        file.text("name"), file.longInteger("size"), file.longInteger("modified"), changed, file.text("sha256")));
            } catch (IllegalArgumentException e) {
                throw array.error(i, e.getMessage());
            }
        }
        if (!Sha256.isHex(json.text("content"))) throw json.error("content", "expected 64 hexadecimal digits");
        boolean truncated = json.bool("truncated", false);
        return new IndexEntry(json.text("id"), kind(json), json.text("title"), json.text("content"), files, truncated);
    }

    private static String kind(JsonObject json) {
        String kind = json.text("kind");
        if (!KINDS.contains(kind)) throw json.error("kind", "expected image, text or mixed, found " + new Json.Text(kind));
        return kind;
    }
}
