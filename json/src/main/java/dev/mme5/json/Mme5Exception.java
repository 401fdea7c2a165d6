package dev.mme5.json;

/**
 * The root of everything that mme5 throws because of its surroundings: models, inputs, files, servers, memory, closing, cancelling. The
 * message is one line for people. Mistakes of the calling code (null, a negative number, a vector of other dimensions) are {@link
 * NullPointerException} and {@link IllegalArgumentException}, as in the JDK.
 */
public abstract class Mme5Exception extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final String PREFIX = "dev.mme5.";

    /** @param message one line */
    protected Mme5Exception(String message) {
        super(message);
    }

    /**
     * @param message one line
     * @param cause may be null; one that callers cannot know is left out, and its own cause takes its place
     */
    protected Mme5Exception(String message, Throwable cause) {
        super(message, known(cause));
    }

    /** Because the inner packages are not exported, their exceptions would be names that a caller can do nothing with. */
    private static Throwable known(Throwable cause) {
        Throwable known = cause;
        while (known != null && !(known instanceof Mme5Exception) && known.getClass().getName().startsWith(PREFIX))
            known = known.getCause();
        return known;
    }
}
