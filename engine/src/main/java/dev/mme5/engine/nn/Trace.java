package dev.mme5.engine.nn;

import dev.mme5.engine.kernel.api.Matrix;
import java.util.function.Supplier;

/** Receives the output of every stage, named as the golden tensors are; {@link #NONE} in ordinary runs. */
@FunctionalInterface
public interface Trace {
    /** Receives nothing, and nothing is computed for it. */
    Trace NONE = new Trace() {
        @Override
        public boolean enabled() {
            return false;
        }

        @Override
        public void stage(String name, Supplier<Matrix> value, long... shape) {}
    };

    /** Whether stages are received; if so, no row may be skipped. */
    default boolean enabled() {
        return true;
    }

    /**
     * @param name such as {@code vision.transformer.3}
     * @param value computed only on request, which must be before the call returns
     * @param shape the dimensions behind its rows and columns
     */
    void stage(String name, Supplier<Matrix> value, long... shape);
}
