package dev.mme5.engine.nn;

import dev.mme5.engine.kernel.api.Matrix;
import java.util.function.Supplier;

/** Hears the value of every stage, named as the golden tensors are; {@link #NONE} in ordinary runs. */
public interface Trace {
    /** Hears nothing and computes nothing for it. */
    Trace NONE = new Trace() {
        @Override
        public boolean enabled() {
            return false;
        }

        @Override
        public void stage(String name, Supplier<Matrix> value, long... shape) {}
    };

    /** Whether anybody listens; then nothing that the listener would miss may be skipped. */
    default boolean enabled() {
        return true;
    }

    /**
     * @param name such as {@code vision.transformer.3}
     * @param value asked for only when somebody listens; to be read before the call returns
     * @param shape what its rows and columns stand for
     */
    void stage(String name, Supplier<Matrix> value, long... shape);
}
