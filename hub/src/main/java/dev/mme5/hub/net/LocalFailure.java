package dev.mme5.hub.net;

import java.io.IOException;

/** This machine's disk failed, not the network: asking again does not help. */
public final class LocalFailure extends PermanentFailure {
    private static final long serialVersionUID = 1;

    public LocalFailure(String message, IOException cause) {
        super(message, cause);
    }
}
