package dev.mme5.hub.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What {@code Retry-After} asks for: seconds or a date. */
class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-11-26T10:00:00Z");

    @Test
    void secondsAndDatesArePauses() {
        assertThat(Transport.retryAfter("120", NOW)).contains(Duration.ofSeconds(120));
        assertThat(Transport.retryAfter("Thu, 26 Nov 2026 10:00:25 GMT", NOW)).contains(Duration.ofSeconds(25));
        assertThat(Transport.retryAfter("Fri, 27 Nov 2026 10:00:00 GMT", NOW)).contains(Duration.ofDays(1));
    }

    @Test
    void whatIsOverOrNoDateIsNone() {
        for (String value : new String[] {"Thu, 26 Nov 2026 09:59:00 GMT", "-1", "", "soon", "99999999", "2026-11-26T10:01:00Z"}) {
            assertThat(Transport.retryAfter(value, NOW)).as(value).isEmpty();
        }
    }
}
