package dev.mme5.hub;

import dev.mme5.json.Mme5Exception;
import dev.mme5.json.SafeText;

/**
 * A model cannot be downloaded or found. The message is one line, safe to print on a terminal, and never has the token.
 */
public final class HubException extends Mme5Exception {
    private static final long serialVersionUID = 1;

    public HubException(String message) {
        super(SafeText.line(message));
    }

    public HubException(String message, Throwable cause) {
        super(SafeText.line(message), cause);
    }
}
