package dev.mme5.engine.family;

/**
 * One input cannot be embedded; the model stays usable. The public API reports it as its own exception, with the same message.
 */
public final class RefusedInputException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param message one line */
    public RefusedInputException(String message) {
        super(message);
    }

    public RefusedInputException(String message, Throwable cause) {
        super(message, cause);
    }
}
