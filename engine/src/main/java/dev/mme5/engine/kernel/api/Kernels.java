package dev.mme5.engine.kernel.api;

import dev.mme5.engine.kernel.VectorKernels;
import dev.mme5.engine.kernel.reference.ReferenceKernels;
import dev.mme5.weights.WeightMatrix;

/**
 * Every loop over floats in the engine. Two implementations: {@link ReferenceKernels} to read, {@link VectorKernels} to run.
 *
 * <p>The vector kernels have one canonical order of sums, so that their results have the same bits for any number of threads,
 * any lane width and any neighbours in a batch; see {@code docs/decisions}.
 */
public interface Kernels extends AutoCloseable {
    /**
     * out = x · weightᵀ, with x [tokens, in], weight [out, in], out [tokens, out]. The weight is of BF16, F16, F32 or INT8, which
     * are widened to float, or of INT4: then x is rounded to integers of 8 bits with a scale for every 32 neighbours.
     */
    void matmul(Matrix x, WeightMatrix weight, Matrix out);

    /** Row i of out [n, cols] = row rows[i] of the table [any, cols], widened to float. */
    void gather(WeightMatrix table, int[] rows, Matrix out);

    /** x = x + bias, row by row; x [tokens, n], bias [n]. */
    void addBias(Matrix x, float[] bias);

    /** x = fma(scale, update, x), element by element; both [tokens, n], or update [1, n] for every row of x. */
    void addScaled(Matrix x, float scale, Matrix update);

    /** x = 0.5 x (1 + erf(x / sqrt 2)), element by element: the exact GELU. */
    void gelu(Matrix x);

    /** gate = gate / (1 + e^-gate) * up, element by element. */
    void siluTimes(Matrix gate, Matrix up);

    /** Every row of x [tokens, n] to zero mean and unit variance, times weight [n], plus bias [n]; out may be x. */
    void layerNorm(Matrix x, float[] weight, float[] bias, float eps, Matrix out);

    /** Every row of x [tokens, n] to unit root mean square, times weight [n]; out may be x. */
    void rmsNorm(Matrix x, float[] weight, float eps, Matrix out);

    /**
     * Rotary position embedding of x [tokens, heads * 2 * half], in place: in every head, elements j and j + half turn by
     * the angle of this token (reference section 6.2). cos and sin are [tokens, half].
     */
    void rotate(Matrix x, Matrix cos, Matrix sin);

    /**
     * out = softmax(q · kᵀ / √size over the keys that the mask shows) · v, head by head. q and out [queries, heads * size], k
     * and v [keys, kvHeads * size]; out may be q. The whole matrix of scores never exists.
     */
    void attention(Matrix q, Matrix k, Matrix v, Heads heads, AttentionMask mask, Matrix out);

    /** Every row of x [n, width] divided by max(its length, 1e-12). */
    void normalizeRows(Matrix x);

    /** What to call these kernels in a report, such as "vector, 512 bit". */
    String description();

    /** Ends the threads, if any. */
    @Override
    void close();
}
