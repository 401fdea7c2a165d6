package dev.mme5.engine;

import dev.mme5.json.Mme5Exception;

/** A call came after the model was closed, or the model was closed before the call had its result. */
public final class ModelClosedException extends Mme5Exception {
    private static final long serialVersionUID = 1;

    /** With the one message that there is. */
    public ModelClosedException() {
        super("the model is closed");
    }
}
