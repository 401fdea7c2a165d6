package dev.mme5.hub.net;

import java.io.IOException;

/** A failure that asking again cannot mend: a refusal, a wrong answer, or an answer that breaks the protocol. */
public class PermanentFailure extends IOException {
    private static final long serialVersionUID = 1;

    public PermanentFailure(String message) {
        super(message);
    }

    public PermanentFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
