package dev.mme5.engine.nn;

import java.util.concurrent.CancellationException;

/** Lets a long forward pass be stopped by interrupting its thread: looked at once per layer. */
public final class Interruption {
    private Interruption() {}

    /** @throws CancellationException when the current thread is interrupted; it stays so */
    public static void check() {
        if (Thread.currentThread().isInterrupted()) throw new CancellationException("interrupted");
    }
}
