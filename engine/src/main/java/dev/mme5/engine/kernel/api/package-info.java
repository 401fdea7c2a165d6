/**
 * The interface between the model and the arithmetic. Start with {@link dev.mme5.engine.kernel.api.Kernels}: every loop over
 * floats in the engine is one of its methods. {@link dev.mme5.engine.kernel.api.Matrix} is the only operand besides weights. This
 * package loads no Vector API class.
 *
 * <h2>The canonical order of sums</h2>
 *
 * Float addition is not associative. So that an embedding has the same bits on every machine, every sum has one fixed order, which
 * does not depend on the number of threads, the tiling, the batch or the vector width:
 * <ul>
 * <li>Each output of a matrix product is one chain of float32 fused multiply-adds from +0 over k = 0, 1, 2, ... Vector lanes run
 * over tokens or over output rows, never over k.
 * <li>With int4 weights, activations are first rounded to 8-bit integers with one scale for each block of 32. The sum within a
 * block is an exact integer. Blocks follow in order, each as one fused multiply-add of the integer sum with the float product of
 * weight scale and activation scale.
 * <li>Attention takes keys in order, in blocks of 192 counted from key 0. A score is a chain of fused multiply-adds over the head's
 * elements. For each key block the running maximum is updated, the accumulators are rescaled, and the exps are added to the
 * denominator and, times the values, to the numerators, key by key.
 * <li>A sum over one row (norms, vector length) has 16 partial sums: element i goes to partial i mod 16. They are added as a tree:
 * (p, p + 8), (p, p + 4), (p, p + 2), (p, p + 1). {@code reduceLanes} is not used on floats, because its order is not specified.
 * <li>exp and erf are polynomials by fused multiply-adds in a fixed order.
 * </ul>
 *
 * Both the baseline and the vector kernels follow this order and give the same bits. The reference kernels do not: they sum in
 * double.
 */
package dev.mme5.engine.kernel.api;
