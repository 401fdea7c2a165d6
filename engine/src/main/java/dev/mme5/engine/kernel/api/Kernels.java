package dev.mme5.engine.kernel.api;

import dev.mme5.weights.WeightMatrix;
import java.util.List;

/**
 * Every loop over floats in the engine. The reference kernels are written to be read, the vector kernels to be fast, and the
 * baseline kernels give the bits of the vector kernels without the Vector API.
 *
 * <p>Baseline and vector kernels follow the canonical order of sums (see the package description), so their results have the same
 * bits for any number of threads, any vector width and any batch.
 */
public interface Kernels extends AutoCloseable {
    /**
     * out = x · weightᵀ, with x [tokens, in], weight [out, in], out [tokens, out], which may not be x. BF16, F16, F32 and INT8
     * weights are widened to float. For INT4 weights, x is first rounded to 8-bit integers with one scale for each 32 consecutive elements.
     */
    void matmul(Matrix x, WeightMatrix weight, Matrix out);

    /**
     * outs[i] = act(x · weightᵀ + bias) of projection i. The same bits as {@link #matmul}, {@link #addBias} and {@link #gelu} one
     * after the other; kernels may do them together. Unlike in {@link #mlp}, no out may be x: threads read x while others write.
     */
    default void project(Matrix x, List<Projection> projections, List<Matrix> outs) {
        for (int i = 0; i < projections.size(); i++) {
            Projection projection = projections.get(i);
            matmul(x, projection.weight(), outs.get(i));
            if (projection.bias() != null) addBias(outs.get(i), projection.bias());
            if (projection.gelu()) gelu(outs.get(i));
        }
    }

    /**
     * out = projection down of projection up of x: the same bits as two calls of {@link #project}.
     *
     * @param x [tokens, in]
     * @param buffer for what is between, [any, width]; as many rows at a time are computed, unless the kernels need none
     * @param out [tokens, out]; may be x
     */
    default void mlp(Matrix x, Projection up, Projection down, Matrix buffer, Matrix out) {
        for (int from = 0; from < x.rows(); from += buffer.rows()) {
            int to = Math.min(from + buffer.rows(), x.rows());
            Matrix between = buffer.rows(0, to - from);
            project(x.rows(from, to), List.of(up), List.of(between));
            project(between, List.of(down), List.of(out.rows(from, to)));
        }
    }

    /** Whether a weight in panels is multiplied faster than the same one in rows. */
    default boolean prefersPanels() {
        return false;
    }

    /** Row i of out [n, cols] = row rows[i] of the table [any, cols], widened to float. */
    void gather(WeightMatrix table, int[] rows, Matrix out);

    /** x = x + bias, row by row; x [tokens, n], bias [n]. */
    void addBias(Matrix x, float[] bias);

    /** x = fma(scale, update, x), element by element; both [tokens, n], or update [1, n], which is then added to every row of x. */
    void addScaled(Matrix x, float scale, Matrix update);

    /** x = max(x, other), element by element; both [tokens, n]. */
    default void max(Matrix x, Matrix other) {
        for (int row = 0; row < x.rows(); row++) {
            for (int col = 0; col < x.cols(); col++) x.set(row, col, Math.max(x.at(row, col), other.at(row, col)));
        }
    }

    /** x = 0.5 x (1 + erf(x / sqrt 2)), element by element: the exact GELU. */
    void gelu(Matrix x);

    /** gate = gate / (1 + e^-gate) * up, element by element. */
    void siluTimes(Matrix gate, Matrix up);

    /** Normalises every row of x [tokens, n] to zero mean and unit variance, times weight [n], plus bias [n]; out may be x. */
    void layerNorm(Matrix x, float[] weight, float[] bias, float eps, Matrix out);

    /** x = layerNorm(x + update): the same bits as {@link #addScaled} and {@link #layerNorm}. */
    default void addAndNorm(Matrix x, Matrix update, float[] weight, float[] bias, float eps) {
        addScaled(x, 1, update);
        layerNorm(x, weight, bias, eps, x);
    }

    /** Scales every row of x [tokens, n] to unit root mean square, times weight [n]; out may be x. */
    void rmsNorm(Matrix x, float[] weight, float eps, Matrix out);

    /**
     * Rotary position embedding of x [tokens, heads * 2 * half], in place: in every head, elements j and j + half are rotated by
     * this token's angle (reference section 6.2). cos and sin are [tokens, half].
     */
    void rotate(Matrix x, Matrix cos, Matrix sin);

    /**
     * out = softmax(q · kᵀ / √size over the keys that the mask allows) · v, head by head. q and out are [queries, heads * size], k
     * and v [keys, kvHeads * size]; out may be q. The full score matrix is never stored.
     */
    void attention(Matrix q, Matrix k, Matrix v, Heads heads, AttentionMask mask, Matrix out);

    /**
     * The same for several sequences in packed rows, each of which attends to itself, in both directions.
     *
     * @param starts first row of each sequence, and one past the last row of all, [count + 1]
     */
    default void attentionWithin(Matrix q, Matrix k, Matrix v, Heads heads, int[] starts, Matrix out) {
        for (int i = 0; i + 1 < starts.length; i++) {
            int from = starts[i];
            int to = starts[i + 1];
            attention(q.rows(from, to), k.rows(from, to), v.rows(from, to), heads, new AttentionMask.Full(to - from), out.rows(from, to));
        }
    }

    /** Divides every row of x [n, width] by max(its length, 1e-12). */
    void normalizeRows(Matrix x);

    /** A name for reports, such as "vector, 512 bit". */
    String description();

    /** Stops the worker threads, if any. */
    @Override
    void close();
}
