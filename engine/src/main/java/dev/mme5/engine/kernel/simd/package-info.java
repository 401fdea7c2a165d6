/**
 * What all Vector API code shares: the vector shapes in {@link dev.mme5.engine.kernel.simd.Species}, the transpose of small blocks in
 * registers in {@link dev.mme5.engine.kernel.simd.BlockTranspose}, and the guard of vector loads from mapped files in
 * {@link dev.mme5.engine.kernel.simd.PageFaultGuard}.
 *
 * <p>Rules for vector code in the packages above: species are {@code static final} constants; a method stays below about 1,800
 * bytecodes, because C1 gives up on larger vector methods; and loops call no helper that takes or returns vectors unless it is
 * surely inlined, because such vectors are boxed. A test of the kernels fails otherwise. {@code Species} has two more, about types of vectors
 * and counters of loops.
 */
package dev.mme5.engine.kernel.simd;
