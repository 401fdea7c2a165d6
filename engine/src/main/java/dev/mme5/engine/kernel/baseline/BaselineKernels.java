package dev.mme5.engine.kernel.baseline;

import dev.mme5.engine.kernel.api.AttentionMask;
import dev.mme5.engine.kernel.api.CanonicalOrder;
import dev.mme5.engine.kernel.api.Heads;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.api.ShapeChecks;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.engine.kernel.rows.RowSums;
import dev.mme5.weights.WeightMatrix;
import java.util.Arrays;

/**
 * The canonical order of sums without vectors: every result has the bits of the vector kernels. Far slower than those once both are
 * compiled, but far faster before that: an uncompiled vector operation is a deep chain of calls, a float operation is one bytecode.
 * Loops and methods are small, so that C1 compiles them early.
 */
public final class BaselineKernels implements Kernels {
    private static final int CHAINS = 4;

    /** Multiply-adds from which another thread is worth waking. */
    private static final int MIN_TASK_WORK = 1 << 16;

    private final WorkerPool pool;

    /** On the thread of the caller. */
    public BaselineKernels() {
        this(new WorkerPool(1));
    }

    /** @param pool computes matrix products and attention; its owner closes it */
    public BaselineKernels(WorkerPool pool) {
        this.pool = pool;
    }

    /** Does not take INT4 weights: rounding x to integers is only worth the effort with vectors. */
    @Override
    public void matmul(Matrix x, WeightMatrix weight, Matrix out) {
        ShapeChecks.requireMatmul(x, weight, out);
        long workOfColumn = Math.max(1, (long) x.rows() * x.cols());
        if (workOfColumn * out.cols() < 2 * MIN_TASK_WORK) columns(x, weight, 0, out.cols(), out);
        else pool.forEachRange(out.cols(), (int) (MIN_TASK_WORK / workOfColumn), (from, to) -> columns(x, weight, from, to, out));
    }

    private static void columns(Matrix x, WeightMatrix weight, int from, int to, Matrix out) {
        float[] first = new float[x.cols()];
        float[] second = new float[x.cols()];
        if (x.rows() < CHAINS || to - from < 2) {
            for (int col = from; col < to; col++) {
                weight.widen(col, first, 0);
                for (int token = 0; token < x.rows(); token++) out.set(token, col, chain(x.data(), offset(x, token), first));
            }
            return;
        }
        for (int nextCol = from; nextCol < to; nextCol += 2) {
            int col = Math.min(nextCol, to - 2); // the last ones again, with the same bits, rather than one by one
            weight.widen(col, first, 0);
            weight.widen(col + 1, second, 0);
            for (int next = 0; next < x.rows(); next += CHAINS) {
                int token = Math.min(next, x.rows() - CHAINS);
                chains(x.data(), offset(x, token), first, second, out.data(), offset(out, token) + col, out.cols());
            }
        }
    }

    /**
     * Four consecutive tokens and two columns at a time: each fma of a chain waits for the one before, and in code of C1 a load with its
     * check of bounds takes longer than an fma.
     */
    private static void chains(float[] x, int offset, float[] first, float[] second, float[] out, int outOffset, int outStride) {
        int length = first.length;
        int offset1 = offset + length;
        int offset2 = offset1 + length;
        int offset3 = offset2 + length;
        float first0 = 0;
        float first1 = 0;
        float first2 = 0;
        float first3 = 0;
        float second0 = 0;
        float second1 = 0;
        float second2 = 0;
        float second3 = 0;
        for (int k = 0; k < length; k++) {
            float weight1 = first[k];
            float weight2 = second[k];
            float value = x[offset + k];
            first0 = Math.fma(value, weight1, first0);
            second0 = Math.fma(value, weight2, second0);
            value = x[offset1 + k];
            first1 = Math.fma(value, weight1, first1);
            second1 = Math.fma(value, weight2, second1);
            value = x[offset2 + k];
            first2 = Math.fma(value, weight1, first2);
            second2 = Math.fma(value, weight2, second2);
            value = x[offset3 + k];
            first3 = Math.fma(value, weight1, first3);
            second3 = Math.fma(value, weight2, second3);
        }
        out[outOffset] = first0;
        out[outOffset + 1] = second0;
        out[outOffset + outStride] = first1;
        out[outOffset + outStride + 1] = second1;
        out[outOffset + 2 * outStride] = first2;
        out[outOffset + 2 * outStride + 1] = second2;
        out[outOffset + 3 * outStride] = first3;
        out[outOffset + 3 * outStride + 1] = second3;
    }

    private static float chain(float[] x, int offset, float[] row) {
        float sum = 0;
        for (int k = 0; k < row.length; k++) sum = Math.fma(x[offset + k], row[k], sum);
        return sum;
    }

    @Override
    public void gather(WeightMatrix table, int[] rows, Matrix out) {
        ShapeChecks.requireGather(table, rows, out);
        for (int i = 0; i < rows.length; i++) table.widen(rows[i], out.data(), offset(out, i));
    }

    @Override
    public void addBias(Matrix x, float[] bias) {
        ShapeChecks.requireLength(x, bias);
        float[] data = x.data();
        for (int row = 0; row < x.rows(); row++) {
            int offset = offset(x, row);
            for (int i = 0; i < bias.length; i++) data[offset + i] += bias[i];
        }
    }

    @Override
    public void addScaled(Matrix x, float scale, Matrix update) {
        ShapeChecks.requireUpdate(x, update);
        float[] data = x.data();
        for (int row = 0; row < x.rows(); row++) {
            int offset = offset(x, row);
            int updateOffset = offset(update, update.rows() == 1 ? 0 : row);
            for (int i = 0; i < x.cols(); i++) data[offset + i] = Math.fma(scale, update.data()[updateOffset + i], data[offset + i]);
        }
    }

    @Override
    public void gelu(Matrix x) {
        float[] data = x.data();
        int end = offset(x, x.rows());
        for (int i = x.offset(); i < end; i++) data[i] = BaselineMath.gelu(data[i]);
    }

    @Override
    public void siluTimes(Matrix gate, Matrix up) {
        ShapeChecks.requireSame(gate, up);
        float[] data = gate.data();
        int length = gate.rows() * gate.cols();
        for (int i = 0; i < length; i++) {
            int offset = gate.offset() + i;
            data[offset] = BaselineMath.silu(data[offset]) * up.data()[up.offset() + i];
        }
    }

    @Override
    public void layerNorm(Matrix x, float[] weight, float[] bias, float eps, Matrix out) {
        ShapeChecks.requireSame(x, out);
        ShapeChecks.requireLength(x, weight);
        ShapeChecks.requireLength(x, bias);
        float[] partials = new float[CanonicalOrder.ROW_PARTIALS];
        for (int row = 0; row < x.rows(); row++) {
            int offset = offset(x, row);
            int outOffset = offset(out, row);
            float mean = sum(x.data(), offset, weight.length, partials) / weight.length;
            float variance = sumOfSquares(x.data(), offset, weight.length, mean, partials) / weight.length;
            float scale = 1 / (float) Math.sqrt(variance + eps);
            for (int i = 0; i < weight.length; i++) {
                out.data()[outOffset + i] = Math.fma((x.data()[offset + i] - mean) * scale, weight[i], bias[i]);
            }
        }
    }

    @Override
    public void rmsNorm(Matrix x, float[] weight, float eps, Matrix out) {
        ShapeChecks.requireSame(x, out);
        ShapeChecks.requireLength(x, weight);
        float[] partials = new float[CanonicalOrder.ROW_PARTIALS];
        for (int row = 0; row < x.rows(); row++) {
            int offset = offset(x, row);
            int outOffset = offset(out, row);
            float scale = 1 / (float) Math.sqrt(sumOfSquares(x.data(), offset, weight.length, 0, partials) / weight.length + eps);
            for (int i = 0; i < weight.length; i++) out.data()[outOffset + i] = x.data()[offset + i] * scale * weight[i];
        }
    }

    @Override
    public void rotate(Matrix x, Matrix cos, Matrix sin) {
        ShapeChecks.requireRotation(x, cos, sin);
        int half = cos.cols();
        for (int row = 0; row < x.rows(); row++) {
            for (int head = 0; head < x.cols(); head += 2 * half) {
                rotate(x.data(), offset(x, row) + head, cos.data(), offset(cos, row), sin.data(), offset(sin, row), half);
            }
        }
    }

    private static void rotate(float[] x, int offset, float[] cos, int cosOffset, float[] sin, int sinOffset, int half) {
        for (int j = 0; j < half; j++) {
            float first = x[offset + j];
            float second = x[offset + half + j];
            float c = cos[cosOffset + j];
            float s = sin[sinOffset + j];
            x[offset + j] = Math.fma(-second, s, first * c);
            x[offset + half + j] = Math.fma(first, s, second * c);
        }
    }

    @Override
    public void attention(Matrix q, Matrix k, Matrix v, Heads heads, AttentionMask mask, Matrix out) {
        ShapeChecks.requireAttention(q, k, v, heads, mask, out);
        long workOfQuery = Math.max(1, 2L * q.cols() * k.rows());
        if (workOfQuery * q.rows() < 2 * MIN_TASK_WORK) attend(q, k, v, heads, mask, 0, q.rows(), out);
        else pool.forEachRange(q.rows(), (int) (MIN_TASK_WORK / workOfQuery), (from, to) -> attend(q, k, v, heads, mask, from, to, out));
    }

    /** Attention of some queries. */
    private static void attend(Matrix q, Matrix k, Matrix v, Heads heads, AttentionMask mask, int from, int to, Matrix out) {
        BaselineAttention one = new BaselineAttention(k, v, heads.size(), mask);
        for (int query = from; query < to; query++) {
            for (int head = 0; head < heads.heads(); head++) {
                int col = head * heads.size();
                int keyCol = head / heads.queriesPerKey() * heads.size();
                one.attend(query, q.data(), offset(q, query) + col, keyCol, out.data(), offset(out, query) + col);
            }
        }
    }

    @Override
    public void normalizeRows(Matrix x) {
        float[] partials = new float[CanonicalOrder.ROW_PARTIALS];
        for (int row = 0; row < x.rows(); row++) {
            int offset = offset(x, row);
            float norm = Math.max((float) Math.sqrt(sumOfSquares(x.data(), offset, x.cols(), 0, partials)), 1e-12f);
            for (int i = 0; i < x.cols(); i++) x.data()[offset + i] /= norm;
        }
    }

    /** Same bits as {@link RowSums#sum}. */
    private static float sum(float[] x, int offset, int length, float[] partials) {
        Arrays.fill(partials, 0);
        for (int i = 0; i < length; i++) partials[i % CanonicalOrder.ROW_PARTIALS] += x[offset + i];
        return RowSums.addPartials(partials);
    }

    /** Same bits as {@link RowSums#sumOfSquares}. */
    private static float sumOfSquares(float[] x, int offset, int length, float mean, float[] partials) {
        Arrays.fill(partials, 0);
        for (int i = 0; i < length; i++) {
            float distance = x[offset + i] - mean;
            int p = i % CanonicalOrder.ROW_PARTIALS;
            partials[p] = Math.fma(distance, distance, partials[p]);
        }
        return RowSums.addPartials(partials);
    }

    private static int offset(Matrix x, int row) {
        return x.offset() + row * x.cols();
    }

    @Override
    public String description() {
        return "plain";
    }

    @Override
    public void close() {}
}
