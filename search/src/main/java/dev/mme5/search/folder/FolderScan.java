package dev.mme5.search.folder;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The image and text files of a folder tree.
 *
 * @param files sorted by id
 * @param problems files and folders that could not be read
 */
public record FolderScan(List<FoundFile> files, List<Problem> problems) {
    public FolderScan {
        files = List.copyOf(files);
        problems = List.copyOf(problems);
    }

    /**
     * A file to index.
     *
     * @param id path from the scanned folder, with / as separator
     * @param path where to read it
     * @param isText whether it is a text; otherwise it is an image
     */
    public record FoundFile(String id, Path path, boolean isText) {}

    /**
     * A file or folder that could not be read.
     *
     * @param id path from the scanned folder, with / as separator
     */
    public record Problem(String id, String reason) {}

    /** @throws IOException if the folder itself cannot be read */
    public static FolderScan of(Path folder) throws IOException {
        return new FolderWalk(folder).scan();
    }
}
