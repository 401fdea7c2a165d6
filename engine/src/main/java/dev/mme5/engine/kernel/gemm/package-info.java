/**
 * Reads weights of BF16, F16, F32 and INT8. Start with {@link dev.mme5.engine.kernel.gemm.WeightPacker}, which brings some columns of 32
 * rows to a panel of floats: from panels, or from rows with {@link dev.mme5.engine.kernel.gemm.FloatWeightPacker} and
 * {@link dev.mme5.engine.kernel.gemm.Int8WeightPacker}. A single token with weights in rows takes another path,
 * {@link dev.mme5.engine.kernel.gemm.VectorMatvec} and {@link dev.mme5.engine.kernel.gemm.Int8Matvec}, with the same order of sums.
 * {@link dev.mme5.engine.kernel.gemm.PackingLimits} bounds the memory that is retained for copied activations.
 */
package dev.mme5.engine.kernel.gemm;
