package dev.mme5.engine.family;

import dev.mme5.engine.failure.Refusal;

/**
 * One input cannot be embedded; the model stays usable. The public API reports it as its own exception, with the same reason and
 * message.
 */
public final class RefusedInputException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Refusal reason;

    /** @param message one line */
    public RefusedInputException(Refusal reason, String message) {
        this(reason, message, null);
    }

    public RefusedInputException(Refusal reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** The kind of refusal. */
    public Refusal reason() {
        return reason;
    }
}
