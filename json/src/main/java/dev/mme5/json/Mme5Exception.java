package dev.mme5.json;

/**
 * The root of everything that mme5 throws because of its surroundings: models, inputs, files, servers, memory, closing, cancelling. The
 * message is one line for people. Mistakes of the calling code (null, a negative number, a vector of other dimensions) are {@link
 * NullPointerException} and {@link IllegalArgumentException}, as in the JDK.
 */
public abstract class Mme5Exception extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param message one line */
    protected Mme5Exception(String message) {
        super(message);
    }

    /**
     * @param message one line
     * @param cause may be null
     */
    protected Mme5Exception(String message, Throwable cause) {
        super(message, cause);
    }
}
