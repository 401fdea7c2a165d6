package dev.mme5.cli.context;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Messages of I/O errors. Many exceptions of the JDK have the file's name as their whole message. */
public final class IoErrors {
    private IoErrors() {}

    public static String describe(IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> missing.getFile() + ": not found";
            case AccessDeniedException denied -> denied.getFile() + ": access denied";
            case NotDirectoryException file -> file.getFile() + ": not a folder";
            case FileSystemException other when other.getReason() != null -> other.getFile() + ": " + other.getReason();
            default -> e.getMessage() == null ? e.toString() : e.getMessage();
        };
    }
}
