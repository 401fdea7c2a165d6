/**
 * The float32 micro-kernels: out = in + a · b for one panel of b. Start with
 * {@link dev.mme5.engine.kernel.microkernel.TwoVectorMicroKernel}; the others differ in the width of the panel only. The matrix product
 * and attention use them.
 */
package dev.mme5.engine.kernel.microkernel;
