package dev.mme5.search;

/** An index file cannot be used, or not be written. The message is one line that names the file and says what to do. */
public final class IndexException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public IndexException(String message) {
        super(message);
    }

    public IndexException(String message, Throwable cause) {
        super(message, cause);
    }
}
