package dev.mme5.json;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * A file of a model cannot be used: it is missing, damaged, contradictory or of an unsupported kind. Everything that can be
 * wrong with a model folder is reported by this exception. The message is one line, {@code file: location: problem}, and safe
 * to print on a terminal: {@link SafeText} sanitises all three parts.
 */
public final class ModelFormatException extends Mme5Exception {
    private static final long serialVersionUID = 1;

    private final String file;
    private final String location;

    /**
     * @param file name of the file, as the user would find it
     * @param location where in the file: a key, a tensor's name, a byte offset; empty if the problem concerns the whole file
     * @param problem what was expected and what was found, in one line
     */
    public ModelFormatException(String file, String location, String problem) {
        this(file, location, problem, null);
    }

    /**
     * @param file name of the file, as the user would find it
     * @param location where in the file: a key, a tensor's name, a byte offset; empty if the problem concerns the whole file
     * @param problem what was expected and what was found, in one line
     * @param cause may be null
     */
    public ModelFormatException(String file, String location, String problem, Throwable cause) {
        super(location.isEmpty()
                ? SafeText.line(file) + ": " + SafeText.line(problem)
                : SafeText.line(file) + ": " + SafeText.line(location) + ": " + SafeText.line(problem), cause);
        this.file = file;
        this.location = location;
    }

    /** The refusal of a file that the operating system could not read. */
    public static ModelFormatException unreadable(Path file, IOException cause) {
        String reason = switch (cause) {
            case AccessDeniedException denied -> "access denied";
            case FileSystemException named when named.getReason() != null -> named.getReason();   // its message repeats the path
            default -> cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        };
        return new ModelFormatException(file.toString(), "", "cannot be read: " + reason, cause);
    }

    /** The file, as it was passed to the constructor. */
    public String file() {
        return file;
    }

    /** The location in the file, as it was passed to the constructor; empty if the problem concerns the whole file. */
    public String location() {
        return location;
    }
}
