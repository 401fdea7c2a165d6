package dev.mme5.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.InputException;
import dev.mme5.server.http.Problem;
import org.junit.jupiter.api.Test;

/** {@link ServedModel}: what is said about inputs that were refused. */
class ServedModelTest {
    private static Problem refused(Throwable cause) {
        return ServedModel.refused(Item.text("input[1]", "a", false),
                new InputException(InputException.Reason.TOO_LARGE, "does not fit", cause));
    }

    @Test
    void whatDoesNotFitNowMayBeTriedAgain() {
        Problem now = refused(new IllegalStateException(new OutOfMemoryError()));
        Problem never = refused(null);

        assertThat(now.status()).isEqualTo(503);
        assertThat(now.retryAfter()).isPositive();
        assertThat(never.status()).isEqualTo(413);
        assertThat(never.param()).isEqualTo("input[1]");
    }
}
