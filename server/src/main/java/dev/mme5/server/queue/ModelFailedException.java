package dev.mme5.server.queue;

/** The model cannot be used any more, for example because its files were changed. */
public final class ModelFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ModelFailedException(Throwable cause) {
        super("the model cannot be used", cause);
    }
}
