package dev.mme5.engine;

import dev.mme5.json.Mme5Exception;

/**
 * A model cannot be opened or quantised because the JVM, the machine or the container lacks something: memory, or the module {@code
 * jdk.incubator.vector} where {@link KernelChoice#VECTOR} is asked for. The message says what is needed and what there is.
 */
public final class UnsuitableMachineException extends Mme5Exception {
    private static final long serialVersionUID = 1;

    /** @param message what is needed and what there is */
    public UnsuitableMachineException(String message) {
        super(message);
    }
}
