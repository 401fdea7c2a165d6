package dev.mme5.cli.context;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Checks of folders that the user names. Messages have their paths as typed. */
public final class NamedFolders {
    private NamedFolders() {}

    /**
     * Whether it is a folder. What is not is a file that exists.
     *
     * @param typed as the user named it
     * @param expected what it may be, for messages
     * @throws UsageException if there is nothing, or one of its parents is a file
     * @throws IOException if the system does not show it
     */
    public static boolean isFolder(Path typed, String expected, CommandContext context) throws IOException {
        try {
            return Files.readAttributes(context.folder().resolve(typed), BasicFileAttributes.class).isDirectory();
        } catch (IOException e) {
            for (Path parent = typed.getParent(); parent != null; parent = parent.getParent()) {
                if (isFile(context.folder().resolve(parent))) {
                    throw new UsageException(typed + ": " + parent + " is a file, expected a folder");
                }
            }
            if (e instanceof NoSuchFileException) throw new UsageException(typed + ": not found, expected " + expected);
            if (e instanceof AccessDeniedException) throw new AccessDeniedException(typed.toString());
            if (e instanceof FileSystemException other) throw new FileSystemException(typed.toString(), null, other.getReason());
            throw e;
        }
    }

    private static boolean isFile(Path path) {
        return Files.exists(path) && !Files.isDirectory(path);
    }
}
