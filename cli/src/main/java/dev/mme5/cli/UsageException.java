package dev.mme5.cli;

/** The command was used wrongly, or what it was told to use is not there. The message is one line. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UsageException(String message) {
        super(message);
    }
}
