/**
 * The kernels that the engine runs. {@link dev.mme5.engine.kernel.TieredKernels} starts with the baseline kernels and switches to
 * {@link dev.mme5.engine.kernel.VectorKernels}, which hand each operation to the package that implements it.
 * {@link dev.mme5.engine.kernel.ObservedKernels} reports the inputs of matrix products to a quantiser.
 *
 * <p>The interface is in {@code api}, with the canonical order of sums. Packages use each other downwards only: {@code api} and
 * {@code pool}, then {@code simd}, then {@code rows} and {@code microkernel}, then {@code reference}, {@code baseline}, {@code gemm},
 * {@code int4} and {@code attention}, then this package.
 */
package dev.mme5.engine.kernel;
