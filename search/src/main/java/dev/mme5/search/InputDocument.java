package dev.mme5.search;

import dev.mme5.engine.ImageSource;
import dev.mme5.engine.Input;
import dev.mme5.search.index.ContentKey;
import dev.mme5.search.index.IndexEntry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A document made from an {@link Input}, such as a line of a JSON lines file.
 *
 * @param input its images must be files
 * @param folder the index stores image paths relative to this folder, so that both can be moved together
 * @param prompt what is put in front of an input without images; empty for nothing
 */
public record InputDocument(String id, Input input, Path folder, String prompt) implements Document {
    public InputDocument {
        Objects.requireNonNull(prompt, "prompt");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(folder, "folder");
        for (ImageSource image : input.images()) {
            if (!(image instanceof ImageSource.File)) throw new IllegalArgumentException("expected images that are files");
        }
    }

    /** An input as it is. */
    public InputDocument(String id, Input input, Path folder) {
        this(id, input, folder, "");
    }

    @Override
    public Kind kind() {
        if (input.images().isEmpty()) return Kind.TEXT;
        return input.prompt().endsWith(Input.BEGIN_OF_TEXT + Input.STANDARD_INSTRUCTION) ? Kind.IMAGE : Kind.MIXED;
    }

    @Override
    public List<Source> files() {
        return input.images().stream()
                .map(image -> ((ImageSource.File) image).path())
                .map(path -> new Source((path.startsWith(folder) ? folder.relativize(path) : path).toString(), path))
                .toList();
    }

    /** Whether a text has no character that can be seen, so that it would be near to every query. */
    public static boolean isBlank(String text) {
        return text.codePoints()
                .allMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c) || Character.getType(c) == Character.FORMAT
                        || Character.isISOControl(c));
    }

    @Override
    public String contentKey(List<String> hashes) {
        return contentKey(prompted(), hashes);
    }

    private Input prompted() {
        if (prompt.isEmpty() || !input.images().isEmpty()) return input;
        return new Input(prompt + input.prompt(), input.images(), input.maxTokens(), input.isPlain());
    }

    @Override
    public String title(Input prompted) {
        return IndexEntry.titleOf(input, "");
    }

    static String contentKey(Input input, List<String> hashes) {
        List<String> parts = new ArrayList<>(List.of("input", input.prompt(), Integer.toString(input.maxTokens())));
        if (input.isPlain()) parts.add("without special tokens");
        parts.addAll(hashes);
        return ContentKey.of(parts);
    }

    @Override
    public Input input(List<byte[]> contents) {
        List<ImageSource> images = new ArrayList<>();
        List<Source> files = files();
        for (int i = 0; i < contents.size(); i++) images.add(new ImageSource.Bytes(contents.get(i), files.get(i).name()));
        return new Input(prompted().prompt(), images, input.maxTokens(), input.isPlain());
    }
}
