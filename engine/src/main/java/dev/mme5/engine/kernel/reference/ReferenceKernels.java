package dev.mme5.engine.kernel.reference;

import dev.mme5.engine.kernel.api.AttentionMask;
import dev.mme5.engine.kernel.api.Heads;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.api.ShapeChecks;
import dev.mme5.weights.QuantizationScheme;
import dev.mme5.weights.QuantizedTensor;
import dev.mme5.weights.WeightMatrix;
import java.util.Arrays;

/** The kernels written to be read: one thread, sums in double, the formulas of the reference. Never optimised. */
public final class ReferenceKernels implements Kernels {
    @Override
    public void matmul(Matrix x, WeightMatrix weight, Matrix out) {
        ShapeChecks.requireMatmul(x, weight, out);
        if (weight instanceof QuantizedTensor tensor && tensor.scheme() == QuantizationScheme.INT4) {
            ReferenceInt4Matmul.multiply(x, tensor, out);
            return;
        }
        float[] weightRow = new float[x.cols()];
        for (int col = 0; col < out.cols(); col++) {
            weight.widen(col, weightRow, 0);
            for (int row = 0; row < out.rows(); row++) {
                double sum = 0;
                for (int k = 0; k < weightRow.length; k++) sum += (double) x.at(row, k) * weightRow[k];
                out.set(row, col, (float) sum);
            }
        }
    }

    @Override
    public void gather(WeightMatrix table, int[] rows, Matrix out) {
        ShapeChecks.requireGather(table, rows, out);
        for (int i = 0; i < rows.length; i++) table.widen(rows[i], out.data(), out.offset() + i * out.cols());
    }

    @Override
    public void addBias(Matrix x, float[] bias) {
        ShapeChecks.requireLength(x, bias);
        for (int row = 0; row < x.rows(); row++) {
            for (int col = 0; col < x.cols(); col++) x.set(row, col, x.at(row, col) + bias[col]);
        }
    }

    @Override
    public void addScaled(Matrix x, float scale, Matrix update) {
        ShapeChecks.requireUpdate(x, update);
        for (int row = 0; row < x.rows(); row++) {
            int updateRow = update.rows() == 1 ? 0 : row;
            for (int col = 0; col < x.cols(); col++) {
                x.set(row, col, (float) (x.at(row, col) + (double) scale * update.at(updateRow, col)));
            }
        }
    }

    @Override
    public void gelu(Matrix x) {
        for (int row = 0; row < x.rows(); row++) {
            for (int col = 0; col < x.cols(); col++) {
                double value = x.at(row, col);
                x.set(row, col, (float) (0.5 * value * (1 + erf(value / Math.sqrt(2)))));
            }
        }
    }

    @Override
    public void siluTimes(Matrix gate, Matrix up) {
        ShapeChecks.requireSame(gate, up);
        for (int row = 0; row < gate.rows(); row++) {
            for (int col = 0; col < gate.cols(); col++) {
                double value = gate.at(row, col);
                gate.set(row, col, (float) (value / (1 + StrictMath.exp(-value)) * up.at(row, col)));
            }
        }
    }

    @Override
    public void layerNorm(Matrix x, float[] weight, float[] bias, float eps, Matrix out) {
        ShapeChecks.requireSame(x, out);
        ShapeChecks.requireLength(x, weight);
        ShapeChecks.requireLength(x, bias);
        for (int row = 0; row < x.rows(); row++) {
            double sum = 0;
            for (int col = 0; col < x.cols(); col++) sum += x.at(row, col);
            double mean = sum / x.cols();

            double squares = 0;
            for (int col = 0; col < x.cols(); col++) squares += (x.at(row, col) - mean) * (x.at(row, col) - mean);
            double scale = 1 / Math.sqrt(squares / x.cols() + eps);

            for (int col = 0; col < x.cols(); col++) {
                out.set(row, col, (float) ((x.at(row, col) - mean) * scale * weight[col] + bias[col]));
            }
        }
    }

    @Override
    public void rmsNorm(Matrix x, float[] weight, float eps, Matrix out) {
        ShapeChecks.requireSame(x, out);
        ShapeChecks.requireLength(x, weight);
        for (int row = 0; row < x.rows(); row++) {
            double squares = 0;
            for (int col = 0; col < x.cols(); col++) squares += (double) x.at(row, col) * x.at(row, col);
            double scale = 1 / Math.sqrt(squares / x.cols() + eps);

            for (int col = 0; col < x.cols(); col++) out.set(row, col, (float) (x.at(row, col) * scale * weight[col]));
        }
    }

    @Override
    public void rotate(Matrix x, Matrix cos, Matrix sin) {
        ShapeChecks.requireRotation(x, cos, sin);
        int half = cos.cols();
        for (int row = 0; row < x.rows(); row++) {
            for (int head = 0; head < x.cols(); head += 2 * half) {
                for (int j = 0; j < half; j++) {
                    double first = x.at(row, head + j);
                    double second = x.at(row, head + j + half);
                    double cosine = cos.at(row, j);
                    double sine = sin.at(row, j);
                    x.set(row, head + j, (float) (first * cosine - second * sine));
                    x.set(row, head + j + half, (float) (second * cosine + first * sine));
                }
            }
        }
    }

    @Override
    public void attention(Matrix q, Matrix k, Matrix v, Heads heads, AttentionMask mask, Matrix out) {
        ShapeChecks.requireAttention(q, k, v, heads, mask, out);
        double[] weights = new double[k.rows()];
        double[] result = new double[heads.size()];
        for (int query = 0; query < q.rows(); query++) {
            for (int head = 0; head < heads.heads(); head++) {
                int queryCol = head * heads.size();
                int keyCol = head / heads.queriesPerKey() * heads.size();
                double sum = softmax(q, query, queryCol, k, keyCol, heads.size(), mask, weights);

                Arrays.fill(result, 0);
                for (int key = mask.from(query); key < mask.to(query); key++) {
                    for (int d = 0; d < result.length; d++) result[d] += weights[key] * v.at(key, keyCol + d);
                }
                for (int d = 0; d < result.length; d++) out.set(query, queryCol + d, (float) (result[d] / sum));
            }
        }
    }

    /** Computes the softmax numerators of all keys that this query attends to; returns their sum, the denominator. */
    private static double softmax(
            Matrix q, int query, int queryCol, Matrix k, int keyCol, int size, AttentionMask mask, double[] weights) {
        double max = Double.NEGATIVE_INFINITY;
        for (int key = mask.from(query); key < mask.to(query); key++) {
            double score = 0;
            for (int d = 0; d < size; d++) score += (double) q.at(query, queryCol + d) * k.at(key, keyCol + d);
            weights[key] = score / Math.sqrt(size);
            max = Math.max(max, weights[key]);
        }
        double sum = 0;
        for (int key = mask.from(query); key < mask.to(query); key++) {
            weights[key] = StrictMath.exp(weights[key] - max) * mask.multiplicity(key);
            sum += weights[key];
        }
        return sum;
    }

    @Override
    public void normalizeRows(Matrix x) {
        for (int row = 0; row < x.rows(); row++) {
            double squares = 0;
            for (int col = 0; col < x.cols(); col++) squares += (double) x.at(row, col) * x.at(row, col);
            double length = Math.max(Math.sqrt(squares), 1e-12);
            for (int col = 0; col < x.cols(); col++) x.set(row, col, (float) (x.at(row, col) / length));
        }
    }

    @Override
    public String description() {
        return "scalar";
    }

    @Override
    public void close() {}

    /**
     * The error function to double accuracy: 2 / √π · e^(-x²) · Σ 2ⁿ x^(2n+1) / (1 · 3 · ... · (2n+1)). All terms have the sign of x, so
     * that nothing cancels.
     */
    public static double erf(double x) {
        if (Math.abs(x) > 6) return Math.signum(x); // 1 - erf(6) is 2e-17

        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * StrictMath.exp(-x * x) * sum;
    }
}
