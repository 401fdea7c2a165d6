package dev.mme5.search;

import dev.mme5.engine.Input;
import dev.mme5.engine.InputException;
import dev.mme5.engine.InputException.Reason;
import dev.mme5.json.JsonReader;
import dev.mme5.search.index.ContentKey;
import dev.mme5.search.index.IndexEntry;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A file whose whole content, in UTF-8, is one text. A byte order mark and line breaks at the end are not part of the text.
 *
 * @param prompt what is put in front of the text; empty for nothing
 * @param isPlain whether special tokens in the text are taken as text
 */
public record TextFile(String id, Path path, String prompt, boolean isPlain) implements Document {
    public TextFile {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(prompt, "prompt");
    }

    /** A text as it is, in which special tokens are recognised. */
    public TextFile(String id, Path path) {
        this(id, path, "", false);
    }

    @Override
    public Kind kind() {
        return Kind.TEXT;
    }

    @Override
    public List<Source> files() {
        return List.of(new Source(id, path));
    }

    @Override
    public String contentKey(List<String> hashes) {
        List<String> parts = new ArrayList<>(List.of("text file", hashes.getFirst()));
        if (!prompt.isEmpty()) parts.add("prompt " + prompt);
        if (isPlain) parts.add("without special tokens");
        return ContentKey.of(parts);
    }

    /** A file of nothing but white space would be near to every query. */
    @Override
    public Optional<String> reasonToSkip(List<byte[]> contents) {
        String text = new String(contents.getFirst(), StandardCharsets.UTF_8);
        return InputDocument.isBlank(text) ? Optional.of(IndexReport.Skipped.EMPTY) : Optional.empty();
    }

    @Override
    public String title(Input input) {
        return IndexEntry.titleOf(input, prompt);
    }

    @Override
    public Input input(List<byte[]> contents) {
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(contents.getFirst())).toString();
            if (text.startsWith(JsonReader.LFS_START)) throw new InputException(Reason.DAMAGED, id + ": " + JsonReader.LFS_PROBLEM);
            int end = text.length();
            while (end > 0 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) end--;
            Input input = Input.text(prompt + text.substring(text.startsWith("\uFEFF") && end > 0 ? 1 : 0, end));
            return isPlain ? input.withoutSpecialTokens() : input;
        } catch (CharacterCodingException e) {
            throw new InputException(Reason.DAMAGED, id + ": is not a text in UTF-8", e);
        }
    }
}
