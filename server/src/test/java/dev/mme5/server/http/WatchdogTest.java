package dev.mme5.server.http;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@link Watchdog}. */
class WatchdogTest {
    @Test
    @Timeout(90)
    void timeLimitsOutliveErrors() throws InterruptedException {
        try (Watchdog watchdog = new Watchdog(watches -> {
            throw new OutOfMemoryError("for a test");
        })) {
            Thread.sleep(500); // it has looked for clients once or twice
            Watchdog.Watch watch = watchdog.watch(TimeUnit.MILLISECONDS.toNanos(100));

            assertThatThrownBy(() -> Thread.sleep(60_000)).isInstanceOf(InterruptedException.class);
            watchdog.forget(watch);
        }
    }
}
