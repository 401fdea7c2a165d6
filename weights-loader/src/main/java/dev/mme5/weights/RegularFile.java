package dev.mme5.weights;

import dev.mme5.json.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Tells a file that can be mapped from a directory, a pipe or nothing, without opening it: opening a pipe would block. */
final class RegularFile {
    private RegularFile() {}

    /** The file without symbolic links. */
    static Path real(Path file) {
        try {
            Path target = file.toRealPath();
            BasicFileAttributes attributes = Files.readAttributes(target, BasicFileAttributes.class);
            if (attributes.isDirectory()) throw unusable(file, "expected a file, found a directory", null);
            if (!attributes.isRegularFile()) throw unusable(file, "expected a regular file, found a pipe or device", null);
            return target;
        } catch (NoSuchFileException e) {
            throw unusable(file, "not found", e);
        } catch (IOException e) {
            throw unusable(file, "cannot be read: " + e.getMessage(), e);
        }
    }

    static ModelFormatException unusable(Path file, String problem, IOException cause) {
        return new ModelFormatException(file.toString(), "", problem, cause);
    }
}
