package dev.mme5.engine.kernel.baseline;

import dev.mme5.engine.kernel.TieredKernels;
import dev.mme5.engine.kernel.VectorKernels;
import dev.mme5.engine.kernel.api.AttentionMask;
import dev.mme5.engine.kernel.api.Heads;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.api.ShapeChecks;
import dev.mme5.engine.kernel.rows.RowSums;
import dev.mme5.weights.WeightMatrix;
import java.util.Arrays;

/**
 * The canonical sums without vectors: every result has the bits of {@link VectorKernels}. Slower than those by far once both are
 * compiled, but faster by far before: a vector operation that is not compiled yet is a tower of calls, a float operation is one
 * bytecode. {@link TieredKernels} says when. Small loops in small methods, which the first compiler takes up soonest.
 */
public final class BaselineKernels implements Kernels {
    private static final int CHAINS = 4;

    /** Not with weights of INT4: those round x to integers, which is worth doing in vectors only. */
    @Override
    public void matmul(Matrix x, WeightMatrix weight, Matrix out) {
        ShapeChecks.requireProduct(x, weight, out);
        float[] row = new float[x.cols()];
        for (int col = 0; col < out.cols(); col++) {
            weight.widen(col, row, 0);
            int token = 0;
            for (; token + CHAINS <= x.rows(); token += CHAINS) {
                chains(x.data(), at(x, token), row, out.data(), at(out, token) + col, out.cols());
            }
            for (; token < x.rows(); token++) out.set(token, col, chain(x.data(), at(x, token), row));
        }
    }

    /** Four neighbouring tokens at a time, since each chain waits for its own last sum. */
    private static void chains(float[] x, int at, float[] row, float[] out, int outAt, int outStride) {
        int length = row.length;
        float sum0 = 0;
        float sum1 = 0;
        float sum2 = 0;
        float sum3 = 0;
        for (int k = 0; k < length; k++) {
            float weight = row[k];
            sum0 = Math.fma(x[at + k], weight, sum0);
            sum1 = Math.fma(x[at + length + k], weight, sum1);
            sum2 = Math.fma(x[at + 2 * length + k], weight, sum2);
            sum3 = Math.fma(x[at + 3 * length + k], weight, sum3);
        }
        out[outAt] = sum0;
        out[outAt + outStride] = sum1;
        out[outAt + 2 * outStride] = sum2;
        out[outAt + 3 * outStride] = sum3;
    }

    private static float chain(float[] x, int at, float[] row) {
        float sum = 0;
        for (int k = 0; k < row.length; k++) sum = Math.fma(x[at + k], row[k], sum);
        return sum;
    }

    @Override
    public void gather(WeightMatrix table, int[] rows, Matrix out) {
        ShapeChecks.requireGather(table, rows, out);
        for (int i = 0; i < rows.length; i++) table.widen(rows[i], out.data(), at(out, i));
    }

    @Override
    public void addBias(Matrix x, float[] bias) {
        ShapeChecks.requireLength(x, bias);
        float[] data = x.data();
        for (int row = 0; row < x.rows(); row++) {
            int at = at(x, row);
            for (int i = 0; i < bias.length; i++) data[at + i] += bias[i];
        }
    }

    @Override
    public void addScaled(Matrix x, float scale, Matrix update) {
        ShapeChecks.requireUpdate(x, update);
        float[] data = x.data();
        for (int row = 0; row < x.rows(); row++) {
            int at = at(x, row);
            int from = at(update, update.rows() == 1 ? 0 : row);
            for (int i = 0; i < x.cols(); i++) data[at + i] = Math.fma(scale, update.data()[from + i], data[at + i]);
        }
    }

    @Override
    public void gelu(Matrix x) {
        float[] data = x.data();
        int end = at(x, x.rows());
        for (int i = x.offset(); i < end; i++) data[i] = BaselineMath.gelu(data[i]);
    }

    @Override
    public void siluTimes(Matrix gate, Matrix up) {
        ShapeChecks.requireSame(gate, up);
        float[] data = gate.data();
        int length = gate.rows() * gate.cols();
        for (int i = 0; i < length; i++) {
            int at = gate.offset() + i;
            data[at] = BaselineMath.silu(data[at]) * up.data()[up.offset() + i];
        }
    }

    @Override
    public void layerNorm(Matrix x, float[] weight, float[] bias, float eps, Matrix out) {
        ShapeChecks.requireSame(x, out);
        ShapeChecks.requireLength(x, weight);
        ShapeChecks.requireLength(x, bias);
        float[] partials = new float[RowSums.PARTIALS];
        for (int row = 0; row < x.rows(); row++) {
            int at = at(x, row);
            int to = at(out, row);
            float mean = sum(x.data(), at, weight.length, partials) / weight.length;
            float variance = sumOfSquares(x.data(), at, weight.length, mean, partials) / weight.length;
            float scale = 1 / (float) Math.sqrt(variance + eps);
            for (int i = 0; i < weight.length; i++) {
                out.data()[to + i] = Math.fma((x.data()[at + i] - mean) * scale, weight[i], bias[i]);
            }
        }
    }

    @Override
    public void rmsNorm(Matrix x, float[] weight, float eps, Matrix out) {
        ShapeChecks.requireSame(x, out);
        ShapeChecks.requireLength(x, weight);
        float[] partials = new float[RowSums.PARTIALS];
        for (int row = 0; row < x.rows(); row++) {
            int at = at(x, row);
            int to = at(out, row);
            float scale = 1 / (float) Math.sqrt(sumOfSquares(x.data(), at, weight.length, 0, partials) / weight.length + eps);
            for (int i = 0; i < weight.length; i++) out.data()[to + i] = x.data()[at + i] * scale * weight[i];
        }
    }

    @Override
    public void rotate(Matrix x, Matrix cos, Matrix sin) {
        ShapeChecks.requireRotation(x, cos, sin);
        int half = cos.cols();
        for (int row = 0; row < x.rows(); row++) {
            for (int head = 0; head < x.cols(); head += 2 * half) {
                rotate(x.data(), at(x, row) + head, cos.data(), at(cos, row), sin.data(), at(sin, row), half);
            }
        }
    }

    private static void rotate(float[] x, int at, float[] cos, int cosAt, float[] sin, int sinAt, int half) {
        for (int j = 0; j < half; j++) {
            float first = x[at + j];
            float second = x[at + half + j];
            float c = cos[cosAt + j];
            float s = sin[sinAt + j];
            x[at + j] = Math.fma(-second, s, first * c);
            x[at + half + j] = Math.fma(first, s, second * c);
        }
    }

    @Override
    public void attention(Matrix q, Matrix k, Matrix v, Heads heads, AttentionMask mask, Matrix out) {
        ShapeChecks.requireAttention(q, k, v, heads, mask, out);
        BaselineAttention one = new BaselineAttention(k, v, heads.size(), mask);
        for (int query = 0; query < q.rows(); query++) {
            for (int head = 0; head < heads.heads(); head++) {
                int col = head * heads.size();
                int keyCol = head / heads.queriesPerKey() * heads.size();
                one.attend(query, q.data(), at(q, query) + col, keyCol, out.data(), at(out, query) + col);
            }
        }
    }

    @Override
    public void normalizeRows(Matrix x) {
        float[] partials = new float[RowSums.PARTIALS];
        for (int row = 0; row < x.rows(); row++) {
            int at = at(x, row);
            float norm = Math.max((float) Math.sqrt(sumOfSquares(x.data(), at, x.cols(), 0, partials)), 1e-12f);
            for (int i = 0; i < x.cols(); i++) x.data()[at + i] /= norm;
        }
    }

    /** As {@link RowSums#sum}. */
    private static float sum(float[] x, int at, int length, float[] partials) {
        Arrays.fill(partials, 0);
        for (int i = 0; i < length; i++) partials[i % RowSums.PARTIALS] += x[at + i];
        return RowSums.total(partials);
    }

    /** As {@link RowSums#sumOfSquares}. */
    private static float sumOfSquares(float[] x, int at, int length, float mean, float[] partials) {
        Arrays.fill(partials, 0);
        for (int i = 0; i < length; i++) {
            float distance = x[at + i] - mean;
            int p = i % RowSums.PARTIALS;
            partials[p] = Math.fma(distance, distance, partials[p]);
        }
        return RowSums.total(partials);
    }

    private static int at(Matrix x, int row) {
        return x.offset() + row * x.cols();
    }

    @Override
    public String description() {
        return "plain";
    }

    @Override
    public void close() {}
}
