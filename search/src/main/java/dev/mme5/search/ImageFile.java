package dev.mme5.search;

import dev.mme5.engine.ImageSource;
import dev.mme5.engine.Input;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

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

    @Override
    public Input input(List<byte[]> contents) {
        return Input.image(new ImageSource.Bytes(contents.getFirst(), id));
    }
}
