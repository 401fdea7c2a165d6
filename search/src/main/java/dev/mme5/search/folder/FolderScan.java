package dev.mme5.search.folder;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The image and text files of a folder tree.
 *
 * @param files sorted by id
 * @param problems files and folders that could not be read
 * @param skipped files that are documents by name or content, and hold nothing or an image that cannot be read
 * @param gaps places where documents may be that the scan has not seen
 */
public record FolderScan(List<FoundFile> files, List<Problem> problems, List<SkippedFile> skipped, List<Gap> gaps) {
    /** Folders and files that systems and programs add to those of people, in upper or lower case. */
    public static final List<String> DEFAULT_EXCLUDES = List.of(
            "@eaDir", "@Recently-Snapshot", "@Recycle", "@Snapshot", "@tmp", "#recycle", "#snapshot", "$RECYCLE.BIN", "RECYCLER",
            "System Volume Information", "Thumbs.db", "ehthumbs.db", "__MACOSX", "Network Trash Folder", "Temporary Items", "lost+found",
            "~snapshot", "*@SynoEAStream", "*@SynoResource", ".DS_Store", ".Trash-*", ".thumbnails");

    public FolderScan {
        files = List.copyOf(files);
        problems = List.copyOf(problems);
        skipped = List.copyOf(skipped);
        gaps = List.copyOf(gaps);
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

    /**
     * A file that is no document.
     *
     * @param id path from the scanned folder, with / as separator
     * @param format the image format that is not read, or null for an empty file
     */
    public record SkippedFile(String id, String format) {}

    /** Why the scan has not seen what is at or below an id. */
    public enum Reason {
        /** The system refused to show it. */
        UNREADABLE,

        /** A folder with nothing in it, which may be a mount point. */
        EMPTY,

        /** A link to nothing. */
        BROKEN_LINK
    }

    /**
     * A file or folder that may hold documents that the scan has not seen.
     *
     * @param id path from the scanned folder, with / as separator; empty for that folder
     */
    public record Gap(String id, Reason reason) {}

    /**
     * Scans a folder.
     *
     * @param excludes patterns of names or paths that are passed over, see {@link Globs}
     * @throws IOException if the folder itself cannot be read
     */
    public static FolderScan of(Path folder, List<String> excludes) throws IOException {
        return new FolderWalk(folder, Globs.of(excludes)).scan();
    }
}
