package dev.mme5.engine.runtime.waiting;

/** The model is closed, or was closed during the call. */
public final class ClosedRuntimeException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    public ClosedRuntimeException() {
        super("the model is closed");
    }
}
