package dev.mme5.engine.runtime.waiting;

/** How long one call has waited so far, all its waits together. Used by the thread of the call only. */
public final class WaitTime {
    private long nanos;

    /** Nanoseconds of all waits that have ended. */
    long nanos() {
        return nanos;
    }

    void add(long more) {
        nanos += more;
    }
}
