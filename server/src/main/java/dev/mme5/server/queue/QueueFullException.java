package dev.mme5.server.queue;

/** Too many requests are waiting. */
public final class QueueFullException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int waiting;
    private final int retryAfterSeconds;

    QueueFullException(int waiting, int retryAfterSeconds) {
        super(waiting + " requests are waiting", null, false, false);
        this.waiting = waiting;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /** Requests in the queue. */
    public int waiting() {
        return waiting;
    }

    /** In how many seconds the queue is likely to have moved on, at least 1. */
    public int retryAfterSeconds() {
        return retryAfterSeconds;
    }
}
