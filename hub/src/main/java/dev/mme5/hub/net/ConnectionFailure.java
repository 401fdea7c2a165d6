package dev.mme5.hub.net;

import java.io.IOException;

/** A host that cannot be reached, or a connection that broke. */
public final class ConnectionFailure extends IOException {
    private static final long serialVersionUID = 1;

    ConnectionFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
