package dev.mme5.engine.runtime.waiting;

import java.time.Duration;

/** A call would have to wait longer, or behind more calls, than the options allow. Nothing is wrong with its input. */
public final class OverloadException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Duration waited;
    private final int behind;

    /**
     * @param waited how long the call has waited
     * @param behind how many calls waited when it came
     */
    OverloadException(String message, Duration waited, int behind) {
        super(message);
        this.waited = waited;
        this.behind = behind;
    }

    /** How long the call has waited. */
    public Duration waited() {
        return waited;
    }

    /** How many calls waited when it came. */
    public int behind() {
        return behind;
    }
}
