package dev.mme5.search;

import dev.mme5.engine.ImageSource;
import dev.mme5.engine.Input;
import dev.mme5.engine.image.ImageFileType;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** An image file, embedded with the standard instruction. */
public record ImageFile(String id, Path path) implements Document {
    public ImageFile {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(path, "path");
    }

    @Override
    public Kind kind() {
        return Kind.IMAGE;
    }

    @Override
    public List<Source> files() {
        return List.of(new Source(id, path));
    }

    @Override
    public String contentKey(List<String> hashes) {
        return InputDocument.contentKey(Input.image(path), hashes);
    }

    /** An empty file, or an image in a format that is not read, whatever its name says. */
    @Override
    public Optional<String> reasonToSkip(List<byte[]> contents) {
        if (contents.getFirst().length == 0) return Optional.of(IndexReport.Skipped.EMPTY);
        String extension = id.substring(id.lastIndexOf('.') + 1);
        return ImageFileType.of(contents.getFirst(), extension).filter(type -> !type.supported()).map(ImageFileType::title);
    }

    @Override
    public Input input(List<byte[]> contents) {
        return Input.image(new ImageSource.Bytes(contents.getFirst(), id));
    }
}
