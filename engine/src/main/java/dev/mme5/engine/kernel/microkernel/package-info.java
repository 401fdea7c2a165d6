/**
 * The float32 micro-kernel of attention: out = in + a · b for one panel of b. Start with
 * {@link dev.mme5.engine.kernel.microkernel.TwoVectorMicroKernel}.
 */
package dev.mme5.engine.kernel.microkernel;
