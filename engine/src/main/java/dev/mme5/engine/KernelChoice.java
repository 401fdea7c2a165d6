package dev.mme5.engine;

/** Which implementation of the arithmetic to use. */
public enum KernelChoice {
    /**
     * The vector kernels if the module {@code jdk.incubator.vector} is there, else the scalar ones and one warning. The first small
     * operations are computed without vectors, in the same bits, because that is faster in a new JVM.
     */
    AUTO,
    /** The vector kernels from the first operation; refused when the module is missing. */
    VECTOR,
    /** The readable reference: slow, single-threaded, and not bound to the bits of the vector kernels. */
    SCALAR
}
