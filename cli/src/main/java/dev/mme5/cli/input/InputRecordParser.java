package dev.mme5.cli.input;

import dev.mme5.engine.ImageSource;
import dev.mme5.engine.Input;
import dev.mme5.json.Json;
import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import dev.mme5.json.ModelFormatException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * One line of an input file to a request. A line that cannot be read is a failed request, never an exception: the others go
 * on.
 *
 * <p>Members other than ours are the user's own business (a label, a language) and are passed over. But a member that looks
 * like a slip of ours fails the line: to embed {@code {"text": .., "image": ..}} without its picture would be a wrong vector
 * that nobody notices.
 */
public final class InputRecordParser {
    private static final Set<String> OURS = Set.of("id", "prompt", "text", "images", "max_tokens");
    private static final Set<String> SLIPS = Set.of(
            "image", "img", "imgs", "picture", "pictures", "texts", "prompts", "instruction", "maxtokens", "maxtoken", "maxlength");

    private final Path pictureFolder;
    private final UnaryOperator<Path> door;

    /** @param pictureFolder where relative paths of pictures begin */
    public InputRecordParser(Path pictureFolder) {
        this(pictureFolder, UnaryOperator.identity());
    }

    /**
     * @param pictureFolder where relative paths of pictures begin
     * @param door the file to open for a path; refuses, by a {@link ModelFormatException}, what may not be opened
     */
    public InputRecordParser(Path pictureFolder, UnaryOperator<Path> door) {
        this.pictureFolder = pictureFolder;
        this.door = door;
    }

    /** @param line the bytes, or null when there are too many */
    public InputRecord parse(long number, byte[] line, int maxBytes) {
        Json id = InputRecord.number(number);
        String source = "line " + number;
        if (line == null) return InputRecord.failed(id, source + ": longer than " + maxBytes + " bytes");
        try {
            JsonObject object = JsonReader.parseObject(line, source);
            Json given = object.get("id");
            if (given instanceof JsonObject || given instanceof JsonArray) {
                throw object.error("id", "expected a string or a number, found " + given);
            }
            if (given != null) id = given;
            return request(id, object);
        } catch (ModelFormatException e) {
            return InputRecord.failed(id, e.getMessage());
        }
    }

    /**
     * What the object describes.
     *
     * @throws ModelFormatException when it is no input
     */
    public InputRecord request(Json id, JsonObject object) {
        refuseSlips(object);
        List<ImageSource> pictures = object.has("images") ? pictures(object.array("images")) : List.of();
        if (object.has("prompt") && object.has("text")) throw object.error("prompt", "stands beside text, expected one of them");

        String text;
        Input input;
        if (object.has("prompt")) {
            text = object.text("prompt");
            input = new Input(text, pictures, 0);
        } else if (object.has("text")) {
            text = object.text("text");
            input = pictures.isEmpty() ? Input.text(text) : Input.images(pictures, text);
        } else if (!pictures.isEmpty()) {
            input = Input.images(pictures, Input.STANDARD_INSTRUCTION);
            text = input.prompt();
        } else {
            throw new ModelFormatException(object.source(), "", "expected prompt, text or images, found none of them");
        }

        if (!object.has("max_tokens")) return InputRecord.of(id, text, input);
        int maxTokens = object.integer("max_tokens");
        if (maxTokens < 1) throw object.error("max_tokens", "expected at least 1, found " + maxTokens);
        return InputRecord.of(id, text, input.withMaxTokens(maxTokens));
    }

    private List<ImageSource> pictures(JsonArray paths) {
        List<ImageSource> pictures = new ArrayList<>();
        for (int i = 0; i < paths.size(); i++) {
            try {
                pictures.add(ImageSource.of(door.apply(pictureFolder.resolve(paths.text(i)))));
            } catch (InvalidPathException e) {
                throw paths.error(i, "is not a path: " + e.getReason());
            }
        }
        return pictures;
    }

    private static void refuseSlips(JsonObject object) {
        for (String key : object.keys()) {
            if (OURS.contains(key)) continue;
            String bare = key.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
            if (SLIPS.contains(bare) || OURS.contains(key.strip().toLowerCase(Locale.ROOT))) {
                throw object.error(key, "is not a member of an input, expected id, prompt, text, images or max_tokens");
            }
        }
    }
}
