package dev.mme5.cli.context;

/**
 * Something that the command line names cannot be used, for example a file that does not exist. The message is one line. For wrong
 * options see {@link OptionException}.
 */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UsageException(String message) {
        super(message);
    }
}
