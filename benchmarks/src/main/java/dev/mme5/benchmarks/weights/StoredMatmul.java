package dev.mme5.benchmarks.weights;

import dev.mme5.benchmarks.checkpoint.Samples;
import dev.mme5.benchmarks.subject.BenchmarkSubject;
import dev.mme5.benchmarks.subject.MatmulShape;
import dev.mme5.benchmarks.subject.Workload;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.baseline.BaselineKernels;
import dev.mme5.engine.kernel.reference.ReferenceKernels;
import dev.mme5.weights.QuantizationScheme;
import dev.mme5.weights.QuantizedTensor;
import dev.mme5.weights.WeightMatrix;

/** The matmul of mme5's kernels with one {@link StoredWeight}. Few rows of x are different, so that the whole result can be checked. */
public final class StoredMatmul implements BenchmarkSubject {
    private final StoredWeight form;
    private final Kernels kernels;
    private final MatmulShape shape;
    private final Expected expected;
    private final Matrix x;
    private final Matrix out;

    /**
     * A weight, and what kernels without vectors make of it: the same to the bit, but for 4-bit weights, whose reference adds blocks in
     * double.
     *
     * @param weight [out, in]
     * @param x [distinct, in]
     * @param result [distinct, out]
     * @param bounds how far a result may be from that: 0, or by rounding (blocks + 2) 2⁻²⁴ |x| |w|, with the norms of the rows; [distinct,
     *     out]
     */
    public record Expected(WeightMatrix weight, Matrix x, Matrix result, Matrix bounds) {
        /** More than the tokens of a register tile, so that no two tokens of one are equal. */
        private static final int DISTINCT = 13;

        private static final long SEED = 15;

        /** Takes seconds for a large weight, and serves all numbers of tokens. */
        public static Expected of(StoredWeight form, int in, int out) {
            WeightMatrix weight = form.create(out, in);
            Matrix x = new Samples(SEED).matrix(DISTINCT, in);
            Matrix result = Matrix.zeros(DISTINCT, out);
            Matrix bounds = Matrix.zeros(DISTINCT, out);
            if (weight instanceof QuantizedTensor quantized && quantized.scheme() == QuantizationScheme.INT4) {
                new ReferenceKernels().matmul(x, weight, result);
                double unit = (QuantizationScheme.INT4.groups(in) + 2) * 0x1p-24;
                float[] row = new float[in];
                for (int i = 0; i < out; i++) {
                    weight.widen(i, row, 0);
                    double norm = unit * norm(row, 0, in);
                    for (int token = 0; token < DISTINCT; token++) bounds.set(token, i, (float) (norm * norm(x.data(), token * in, in)));
                }
            } else {
                try (Kernels kernels = new BaselineKernels()) {
                    kernels.matmul(x, weight, result);
                }
            }
            return new Expected(weight, x, result, bounds);
        }

        private static double norm(float[] values, int offset, int length) {
            double sum = 0;
            for (int k = offset; k < offset + length; k++) sum += (double) values[k] * values[k];
            return Math.sqrt(sum);
        }

        private void check(Matrix out, String name) {
            for (int token = 0; token < out.rows(); token++) {
                for (int i = 0; i < out.cols(); i++) {
                    int source = token % DISTINCT;
                    Samples.requireClose(result.at(source, i), out.at(token, i), bounds.at(source, i),
                            name + ", token " + token + ", output " + i);
                }
            }
        }
    }

    /** @param kernels stay open */
    public StoredMatmul(StoredWeight form, Expected expected, int tokens, Kernels kernels) {
        this.form = form;
        this.expected = expected;
        this.kernels = kernels;
        shape = new MatmulShape(tokens, expected.x().cols(), expected.result().cols());
        x = Matrix.zeros(tokens, shape.in());
        for (int token = 0; token < tokens; token++) x.copyRow(expected.x(), token % Expected.DISTINCT, token);
        out = Matrix.zeros(tokens, shape.out());
    }

    @Override
    public String implementation() {
        return form.label();
    }

    @Override
    public void run() {
        kernels.matmul(x, expected.weight(), out);
    }

    @Override
    public void check() {
        expected.check(out, "product " + shape + ", " + implementation());
    }

    @Override
    public Workload workload() {
        double activations = 4.0 * shape.tokens() * (shape.in() + shape.out());
        return Workload.ofFlops(shape.workload().flops(), StoredWeight.bytes(expected.weight()) + activations);
    }
}
