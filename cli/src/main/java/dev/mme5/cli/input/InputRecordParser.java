package dev.mme5.cli.input;

import dev.mme5.cli.context.UsageException;
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
 * Parses lines of an input file. A line that cannot be read becomes a failed record, not an exception, so the other lines are
 * processed.
 *
 * <p>Unknown members, such as a label or a language, are ignored. Because {@code {"text": .., "image": ..}} without its image would
 * give a wrong vector that nobody notices, a member that looks like a misspelt one fails the line.
 */
public final class InputRecordParser {
    private static final Set<String> MEMBERS = Set.of("id", "prompt", "text", "images", "max_tokens", "special");
    private static final Set<String> MISSPELLINGS = Set.of(
            "image", "img", "imgs", "picture", "pictures", "texts", "prompts", "promptname", "instruction", "maxtokens", "maxtoken",
            "maxlength");

    private final Path imageFolder;
    private final UnaryOperator<Path> pathCheck;
    private final boolean special;

    /** @param imageFolder folder of relative image paths */
    public InputRecordParser(Path imageFolder) {
        this(imageFolder, UnaryOperator.identity());
    }

    /**
     * @param imageFolder folder of relative image paths
     * @param pathCheck returns the file to open for a path, as below
     */
    public InputRecordParser(Path imageFolder, UnaryOperator<Path> pathCheck) {
        this(imageFolder, pathCheck, true);
    }

    /**
     * @param imageFolder folder of relative image paths
     * @param pathCheck returns the file to open for a path. It throws {@link ModelFormatException} for a path that makes its line
     *     unreadable; what it throws but ModelFormatException ends the run, a {@link UsageException} with the place of the path
     * @param special whether special tokens in a {@code text} are recognised where a line does not say
     */
    public InputRecordParser(Path imageFolder, UnaryOperator<Path> pathCheck, boolean special) {
        this.imageFolder = imageFolder;
        this.pathCheck = pathCheck;
        this.special = special;
    }

    /** @param line the bytes, or null if there are more than {@code maxBytes} */
    public InputRecord parse(long number, byte[] line, int maxBytes) {
        Json id = InputRecord.number(number);
        String source = "line " + number;
        if (line == null) return InputRecord.failed(id, source + ": longer than " + maxBytes + " bytes");
        try {
            JsonObject object = JsonReader.parseObject(line, source);
            Json explicit = object.get("id");
            if (explicit instanceof JsonObject || explicit instanceof JsonArray) {
                throw object.error("id", "expected a string or a number, found " + explicit);
            }
            if (explicit != null) id = explicit;
            return parseObject(id, object);
        } catch (ModelFormatException e) {
            return InputRecord.failed(id, e.getMessage());
        }
    }

    /**
     * The input that an object describes.
     *
     * @throws ModelFormatException if it is no input
     */
    public InputRecord parseObject(Json id, JsonObject object) {
        refuseMisspellings(object);
        List<ImageSource> images = object.has("images") ? images(object.array("images")) : List.of();
        if (object.has("prompt") && object.has("text")) throw object.error("prompt", "found next to text, expected one of them");

        String text;
        Input input;
        if (object.has("prompt")) {
            text = object.text("prompt");
            input = new Input(text, images, 0);
        } else if (object.has("text")) {
            text = object.text("text");
            input = images.isEmpty() ? Input.text(text) : Input.images(images, text);
        } else if (!images.isEmpty()) {
            input = Input.images(images, Input.STANDARD_INSTRUCTION);
            text = input.prompt();
        } else {
            throw new ModelFormatException(object.source(), "", "expected prompt, text or images, found none of them");
        }

        if (object.has("special") && object.has("prompt")) throw object.error("special", "found next to prompt, expected text or images");
        if (!object.bool("special", special)) input = object.has("prompt") ? input : input.withoutSpecialTokens();
        if (!object.has("max_tokens")) return InputRecord.of(id, text, input);
        int maxTokens = object.integer("max_tokens");
        if (maxTokens < 1) throw object.error("max_tokens", "expected at least 1, found " + maxTokens);
        return InputRecord.of(id, text, input.withMaxTokens(maxTokens));
    }

    private List<ImageSource> images(JsonArray paths) {
        List<ImageSource> images = new ArrayList<>();
        for (int i = 0; i < paths.size(); i++) {
            try {
                if (NamedFile.isUrl(paths.text(i))) throw paths.error(i, NamedFile.URL_PROBLEM);
                images.add(ImageSource.of(pathCheck.apply(imageFolder.resolve(paths.text(i)))));
            } catch (InvalidPathException e) {
                throw paths.error(i, "is not a path: " + e.getReason());
            } catch (UsageException e) {
                throw new UsageException(paths.error(i, e.getMessage()).getMessage());
            }
        }
        return images;
    }

    private static void refuseMisspellings(JsonObject object) {
        for (String key : object.keys()) {
            if (MEMBERS.contains(key)) continue;
            String letters = key.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
            if (MISSPELLINGS.contains(letters) || MEMBERS.contains(key.strip().toLowerCase(Locale.ROOT))) {
                throw object.error(key, "is not a member of an input, expected id, prompt, text, images, max_tokens or special");
            }
        }
    }
}
