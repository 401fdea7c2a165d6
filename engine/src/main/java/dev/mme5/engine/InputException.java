package dev.mme5.engine;

/**
 * One input cannot be embedded: a picture that is missing, damaged or too large, a prompt whose image tokens do not match its
 * pictures, a text that is too long where that is refused. The model stays usable. The message is one line.
 */
public final class InputException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public InputException(String message) {
        super(message);
    }

    public InputException(String message, Throwable cause) {
        super(message, cause);
    }
}
