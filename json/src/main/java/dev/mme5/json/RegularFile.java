package dev.mme5.json;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Tells a file that can be read or mapped from a directory, a pipe or nothing, without opening it: opening a pipe would block. */
public final class RegularFile {
    private RegularFile() {}

    /**
     * The file without symbolic links.
     *
     * @throws ModelFormatException when there is none, or it is of another kind
     */
    public static Path real(Path file) {
        try {
            Path target = file.toRealPath();
            BasicFileAttributes attributes = Files.readAttributes(target, BasicFileAttributes.class);
            if (attributes.isDirectory()) throw unusable(file, "expected a file, found a directory", null);
            if (!attributes.isRegularFile()) throw unusable(file, "expected a regular file, found a pipe or device", null);
            return target;
        } catch (NoSuchFileException e) {
            throw unusable(file, Files.isSymbolicLink(file) ? "a link to a file that does not exist" : "not found", e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** What to throw when the system refuses a file. */
    public static ModelFormatException unreadable(Path file, IOException e) {
        String reason = switch (e) {
            case AccessDeniedException denied -> "access denied";
            case FileSystemException named when named.getReason() != null -> named.getReason();   // its message repeats the path
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
        return unusable(file, "cannot be read: " + reason, e);
    }

    private static ModelFormatException unusable(Path file, String problem, IOException cause) {
        return new ModelFormatException(file.toString(), "", problem, cause);
    }
}
