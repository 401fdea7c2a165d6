package dev.mme5.cli.option;

/** The command was used wrongly, or what it was told to use is not there. The message is one line. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UsageException(String message) {
        super(message);
    }
}
