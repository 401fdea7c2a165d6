package dev.mme5.hub.net;

import java.time.Duration;

/** When the last byte of a transfer arrived, for telling a stalled connection from a slow one. */
final class ActivityClock {
    private volatile long last = System.nanoTime();

    void touch() {
        last = System.nanoTime();
    }

    boolean isSilentFor(Duration limit) {
        return System.nanoTime() - last > limit.toNanos();
    }
}
