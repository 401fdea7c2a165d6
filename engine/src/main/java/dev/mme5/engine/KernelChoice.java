package dev.mme5.engine;

/** Which implementation of the arithmetic to use. */
public enum KernelChoice {
    /**
     * The vector kernels if the module {@code jdk.incubator.vector} is there, else the reference kernels and one warning. The first
     * small operations are computed without vectors, with the same bits, because that is faster in a new JVM.
     */
    AUTO,
    /** The vector kernels from the first operation; refused when the module is missing. */
    VECTOR,
    /** The reference kernels: readable, slow, single-threaded; their bits differ from those of the vector kernels. */
    SCALAR
}
