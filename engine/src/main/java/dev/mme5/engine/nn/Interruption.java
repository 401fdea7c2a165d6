package dev.mme5.engine.nn;

import dev.mme5.engine.failure.Failure;
import java.lang.ScopedValue.CallableOp;

/**
 * Stops a long forward pass; checked once per layer. A pass ends when its thread is interrupted, unless it has a check of its own: one
 * that serves several callers.
 */
public final class Interruption {
    private static final ScopedValue<Runnable> CHECK = ScopedValue.newInstance();

    private Interruption() {}

    /** Runs a pass that ends when its own check throws, and not when the thread is interrupted. */
    public static <T> T within(Runnable check, CallableOp<T, RuntimeException> pass) {
        return ScopedValue.where(CHECK, check).call(pass);
    }

    /** @throws Failure.Cancelled when the current thread is interrupted; it stays so */
    public static void check() {
        if (CHECK.isBound()) CHECK.get().run();
        else if (Thread.currentThread().isInterrupted()) throw new Failure.Cancelled("interrupted");
    }
}
