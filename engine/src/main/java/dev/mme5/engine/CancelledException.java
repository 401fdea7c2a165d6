package dev.mme5.engine;

import dev.mme5.json.Mme5Exception;

/** A call ended without a result because its thread was interrupted, which the thread stays. The model stays usable. */
public final class CancelledException extends Mme5Exception {
    private static final long serialVersionUID = 1;

    /** @param message what ended the call */
    public CancelledException(String message) {
        super(message);
    }

    /**
     * @param message what ended the call
     * @param cause may be null
     */
    public CancelledException(String message, Throwable cause) {
        super(message, cause);
    }
}
