package dev.mme5.server.queue;

/** Receives what a pass did, on the thread that ran it. */
@FunctionalInterface
public interface PassListener {
    /**
     * Called after each pass.
     *
     * @param inputs that were embedded together
     * @param images among them
     * @param tokens of their embeddings
     * @param waitingNanos of the input that waited longest
     * @param nanos of the pass
     */
    void pass(int inputs, int images, long tokens, long waitingNanos, long nanos);
}
