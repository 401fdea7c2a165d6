package dev.mme5.engine.kernel;

/** How activations become integers of 8 bits beside weights of four, in both kernels. Free of vectors, for {@link ScalarKernels}. */
final class ActivationBlocks {
    /** Neighbours that share a scale, which is their largest magnitude / 127; as many as groups of four-bit weights have. */
    static final int LENGTH = 32;

    /** A block of nothing but smaller values is taken as zero: the inverse of its scale would not be finite. */
    static final float TINY = 1e-30f;

    private ActivationBlocks() {}
}
