package dev.mme5.search.folder;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;

/** Why the system did not show a file, in words that follow its name. */
public final class ReadFailure {
    private ReadFailure() {}

    /** Without the path, which messages of these exceptions repeat. */
    public static String reason(IOException e) {
        if (e instanceof AccessDeniedException) return "permission denied";
        return e instanceof FileSystemException system && system.getReason() != null ? system.getReason() : e.getMessage();
    }
}
