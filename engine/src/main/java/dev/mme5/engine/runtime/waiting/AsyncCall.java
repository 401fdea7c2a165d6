package dev.mme5.engine.runtime.waiting;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Runs a call on a virtual thread. */
public final class AsyncCall {
    private AsyncCall() {}

    /** The result of a call. If the future is completed by anyone else, cancelled for example, the call is interrupted. */
    public static <T> CompletableFuture<T> start(Supplier<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = Thread.ofVirtual().name("mme5-async").unstarted(() -> {
            try {
                result.complete(call.get());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        result.whenComplete((value, error) -> {
            if (Thread.currentThread() != thread) thread.interrupt();
        });
        thread.start();
        return result;
    }
}
