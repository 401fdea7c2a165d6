package dev.mme5.spring.boot;

import dev.mme5.json.Mme5Exception;

/** The model cannot be opened. Boot shows the message and the action in place of a stack trace. */
public final class Mme5StartupException extends Mme5Exception {
    private static final long serialVersionUID = 1;

    /** What the operator can do. */
    private final String action;

    Mme5StartupException(String message, String action, Throwable cause) {
        super(message, cause);
        this.action = action;
    }

    Mme5StartupException(String message, String action) {
        this(message, action, null);
    }

    /** What the operator can do. */
    public String action() {
        return action;
    }
}
