package dev.mme5.cli.context;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Checks of the place of a new file. */
public final class NewFiles {
    private NewFiles() {}

    /**
     * Refuses a new file that cannot be because it has no folder.
     *
     * @param file as the user named it
     * @throws IOException if the system does not show the folder
     */
    public static void requireFolder(Path folder, String file) throws IOException {
        boolean isFolder;
        try {
            isFolder = Files.readAttributes(folder, BasicFileAttributes.class).isDirectory();
        } catch (NoSuchFileException e) {
            throw new UsageException(file + ": its folder does not exist");
        }
        if (!isFolder) throw new UsageException(file + ": " + folder + " is a file, expected a folder");
    }
}
