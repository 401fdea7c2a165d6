package dev.mme5.hub.net;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;

/** This machine's disk failed, not the network: asking again does not help. */
public final class LocalFailure extends PermanentFailure {
    private static final long serialVersionUID = 1;

    public LocalFailure(String message, IOException cause) {
        super(message, cause);
    }

    /** What went wrong, in one line. Many exceptions about files have the file's name as their whole message. */
    public static String describe(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> denied.getFile() + ": access denied";
            case FileAlreadyExistsException file -> file.getFile() + ": exists and is no folder";
            case FileSystemException other ->
                    other.getFile() + ": " + (other.getReason() == null ? other.getClass().getSimpleName() : other.getReason());
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }
}
