package dev.mme5.engine;

import dev.mme5.engine.family.RefusedInputException;

/**
 * One input cannot be embedded: an image that is missing, damaged or too large, a prompt whose placeholders do not match its
 * images, a text that is too long where that is refused. The model stays usable. The message is one line.
 */
public final class InputException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public InputException(String message) {
        super(message);
    }

    public InputException(String message, Throwable cause) {
        super(message, cause);
    }

    static InputException of(RefusedInputException refused) {
        return new InputException(refused.getMessage(), refused.getCause());
    }
}
