package dev.mme5.hub.net;

import java.io.IOException;

/** The server answers a request for a part with the whole file. */
public final class RangesUnsupported extends IOException {
    private static final long serialVersionUID = 1;

    RangesUnsupported(String message) {
        super(message);
    }
}
