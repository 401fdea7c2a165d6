package dev.mme5.hub.net;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** A response whose status may be another one next time: 408, 416, 429, 5xx, or an expired link. */
public final class StatusFailure extends IOException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final transient Optional<Duration> retryAfter;

    /**
     * @param retryAfter what the server asked for, if it did
     */
    public StatusFailure(String message, int status, Optional<Duration> retryAfter) {
        super(message);
        this.status = status;
        this.retryAfter = retryAfter;
    }

    public int status() {
        return status;
    }

    public Optional<Duration> retryAfter() {
        return retryAfter == null ? Optional.empty() : retryAfter;
    }
}
