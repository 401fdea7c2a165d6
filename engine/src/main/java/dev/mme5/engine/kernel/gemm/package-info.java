/**
 * Matrix products of float activations with BF16, F16, F32 and INT8 weights. Start with
 * {@link dev.mme5.engine.kernel.gemm.VectorMatmul}, which explains the loop nest: activations are packed into panels once
 * ({@code PackedActivations}), each task widens some weight rows ({@code FloatWeightPacker}, {@code Int8WeightPacker}) and runs a
 * micro-kernel over all panels. A single token takes another path ({@code VectorMatvec}, {@code Int8Matvec}) with the same order of sums.
 * {@link dev.mme5.engine.kernel.gemm.PackingLimits} bounds the retained memory.
 */
package dev.mme5.engine.kernel.gemm;
