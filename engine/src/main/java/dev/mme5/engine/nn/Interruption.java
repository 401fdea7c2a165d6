package dev.mme5.engine.nn;

import dev.mme5.engine.failure.Failure;

/** Stops a long forward pass whose thread is interrupted; checked once per layer. */
public final class Interruption {
    private Interruption() {}

    /** @throws Failure.Cancelled when the current thread is interrupted; it stays so */
    public static void check() {
        if (Thread.currentThread().isInterrupted()) throw new Failure.Cancelled("interrupted");
    }
}
