package dev.mme5.engine.nn;

import java.util.concurrent.CancellationException;

/** Stops a long forward pass whose thread is interrupted; checked once per layer. */
public final class Interruption {
    private Interruption() {}

    /** @throws CancellationException when the current thread is interrupted; it stays so */
    public static void check() {
        if (Thread.currentThread().isInterrupted()) throw new CancellationException("interrupted");
    }
}
