package dev.mme5.engine;

import dev.mme5.engine.failure.Failure;
import dev.mme5.engine.family.RefusedInputException;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;

/** Turns what the inner floors throw into the exceptions of the public API. */
final class Failures {
    private Failures() {}

    /** Calls the runtime. */
    static <T> T translating(Supplier<T> call) {
        try {
            return call.get();
        } catch (Failure | RefusedInputException e) {
            throw published(e);
        }
    }

    /** Opens a model. Because hashing the weights can be interrupted far below, the JDK's cancellation is translated too. */
    static <T> T translatingOpen(Supplier<T> opening) {
        try {
            return translating(opening);
        } catch (CancellationException e) {
            CancelledException cancelled = new CancelledException(e.getMessage(), e.getCause());
            cancelled.setStackTrace(e.getStackTrace());
            throw cancelled;
        }
    }

    /** The public form of an exception of the runtime; any other exception is returned as it is. */
    static RuntimeException published(RuntimeException inner) {
        RuntimeException published = switch (inner) {
            case RefusedInputException refused -> InputException.of(refused, 0);
            case Failure.Closed closed -> new ModelClosedException();
            case Failure.Cancelled cancelled -> new CancelledException(cancelled.getMessage());
            case Failure.Busy busy -> new BusyException(busy.waited(), busy.ahead());
            case Failure.Unsuitable unsuitable -> new UnsuitableMachineException(unsuitable.getMessage());
            default -> inner;
        };
        published.setStackTrace(inner.getStackTrace());
        return published;
    }
}
