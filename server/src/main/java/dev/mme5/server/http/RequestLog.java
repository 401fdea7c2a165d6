package dev.mme5.server.http;

/** Told about every request when it has been answered. */
@FunctionalInterface
public interface RequestLog {
    /**
     * Called once for each request, also for one whose client is gone.
     *
     * @param route its path as the route has it; {@code other} for none
     * @param status what it was answered; 499 when its client was gone
     * @param inputs inputs that it had
     * @param tokens tokens of its embeddings
     * @param nanos from its headers to the end of its answer
     */
    void finished(String route, int status, int inputs, long tokens, long nanos);
}
