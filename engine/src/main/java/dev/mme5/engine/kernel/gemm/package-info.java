/**
 * Weights in rows: BF16, F16, F32 and INT8. Many tokens are multiplied in {@link dev.mme5.engine.kernel.panels.RowMatmul}, for which
 * {@link dev.mme5.engine.kernel.gemm.FloatWeightPacker} and {@link dev.mme5.engine.kernel.gemm.Int8WeightPacker} pack some columns of 32
 * rows into a panel of floats. A single token takes another path, {@link dev.mme5.engine.kernel.gemm.VectorMatvec} and
 * {@link dev.mme5.engine.kernel.gemm.Int8Matvec}, with the same order of sums.
 * {@link dev.mme5.engine.kernel.gemm.PackingLimits} bounds the memory that is retained for packed activations.
 */
package dev.mme5.engine.kernel.gemm;
