package dev.mme5.engine;

/** Receives the output of every stage of one input, for comparing with the reference. */
@FunctionalInterface
public interface StageListener {
    /**
     * @param name the stage, as the golden tensors of the reference name it, such as {@code text.layer.3.last}
     * @param shape of the values, last dimension contiguous
     * @param values a copy, row-major
     */
    void stage(String name, long[] shape, float[] values);
}
