/**
 * The canonical order of sums in plain Java: the bits of the vector kernels, without compiling vector code.
 * {@link dev.mme5.engine.kernel.baseline.BaselineKernels} runs first in a new process.
 */
package dev.mme5.engine.kernel.baseline;
