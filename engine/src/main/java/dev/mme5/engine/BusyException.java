package dev.mme5.engine;

import dev.mme5.json.Mme5Exception;
import java.time.Duration;
import java.util.Objects;

/**
 * A call was given up before it began, because other calls are in front of it: it waited for {@link Options#maxWait}, or {@link
 * Options#maxWaiting} calls wait already. Nothing is wrong with its inputs; the same call may succeed later.
 */
public final class BusyException extends Mme5Exception {
    private static final long serialVersionUID = 1;

    private final Duration waited;
    private final int ahead;

    /**
     * @param waited how long the call has waited
     * @param ahead how many calls were in front of it, the running ones not counted
     */
    public BusyException(Duration waited, int ahead) {
        super("the model is busy: waited %d ms behind %d waiting call%s".formatted(Objects.requireNonNull(waited, "waited").toMillis(),
                ahead, ahead == 1 ? "" : "s"));
        this.waited = waited;
        this.ahead = ahead;
    }

    /** How long the call has waited; zero when it was refused at once. */
    public Duration waited() {
        return waited;
    }

    /** How many calls waited in front of it. */
    public int ahead() {
        return ahead;
    }
}
