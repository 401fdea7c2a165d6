package dev.mme5.hub.net;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * How often a request is repeated, and the pauses between. A pause doubles from one to the next and varies by a quarter, so that
 * clients that failed together do not return together.
 *
 * @param attempts how many times in a row a request may fail without receiving a byte
 * @param firstPause before the first repetition
 * @param maxPause longest pause if the server names none; its {@code Retry-After} may ask for up to {@link #MAX_RETRY_AFTER}
 */
public record RetryPolicy(int attempts, Duration firstPause, Duration maxPause) {
    /** A server that asks for more is taken to be closed for today. */
    public static final Duration MAX_RETRY_AFTER = Duration.ofMinutes(10);

    /** Something that may fail and be tried again. */
    @FunctionalInterface
    public interface Attempt<T> {
        T run() throws IOException, InterruptedException;
    }

    public RetryPolicy {
        if (attempts < 1) throw new IllegalArgumentException("expected at least 1 attempt, found " + attempts);
    }

    /** Runs it until it succeeds, fails for good, or has failed {@link #attempts} times. */
    public <T> T run(Attempt<T> attempt, Consumer<String> notices) throws IOException, InterruptedException {
        for (int failures = 1;; failures++) {
            try {
                return attempt.run();
            } catch (IOException e) {
                pause(e, failures, notices);
            }
        }
    }

    /**
     * Waits before the next attempt.
     *
     * @param failures how many there were in a row, this one included
     * @throws IOException the failure itself, when it is permanent or there were too many
     */
    public void pause(IOException failure, int failures, Consumer<String> notices) throws IOException, InterruptedException {
        if (failure instanceof PermanentFailure || failures >= attempts) throw failure;
        Duration pause = pauseAfter(failure, failures);
        notices.accept(failure.getMessage() + "; asking again in " + seconds(pause));
        Thread.sleep(pause);
    }

    private Duration pauseAfter(IOException failure, int failures) throws IOException {
        if (failure instanceof StatusFailure status && status.retryAfter().isPresent()) {
            Duration wanted = status.retryAfter().get();
            if (wanted.compareTo(MAX_RETRY_AFTER) > 0) {
                throw new PermanentFailure(failure.getMessage() + "; it asks to wait for " + seconds(wanted), failure);
            }
            return wanted;
        }
        long doubled = firstPause.toMillis() << Math.min(failures - 1, 20);
        long millis = Math.min(doubled, maxPause.toMillis());
        return Duration.ofMillis((long) (millis * ThreadLocalRandom.current().nextDouble(0.75, 1.25)));
    }

    private static String seconds(Duration pause) {
        return pause.toSeconds() >= 1 ? pause.toSeconds() + " s" : pause.toMillis() + " ms";
    }
}
