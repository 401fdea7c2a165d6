package dev.mme5.benchmarks.weights;

import dev.mme5.benchmarks.checkpoint.Samples;
import dev.mme5.benchmarks.subject.BenchmarkSubject;
import dev.mme5.benchmarks.subject.MatmulShape;
import dev.mme5.benchmarks.subject.Workload;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.reference.ReferenceKernels;
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
     * A weight, and what the reference kernels make of it.
     *
     * @param weight [out, in]
     * @param x [distinct, in]
     * @param result [distinct, out]
     * @param bounds how far a result may be from that, by rounding: (in + 1) 2⁻²⁴ |x| |w|, with the norms of the two rows; [distinct, out]
     */
    public record Expected(WeightMatrix weight, Matrix x, Matrix result, Matrix bounds) {
        /** Not a divisor of the tokens of a tile, so that no two lanes of one have equal tokens in all tiles. */
        private static final int DISTINCT = 3;

        /** Takes seconds for a large weight, and serves all numbers of tokens. */
        public static Expected of(StoredWeight form, int in, int out) {
            WeightMatrix weight = form.create(out, in);
            Matrix x = new Samples(out).matrix(DISTINCT, in);
            Matrix result = Matrix.zeros(DISTINCT, out);
            new ReferenceKernels().matmul(x, weight, result);
            Matrix bounds = Matrix.zeros(DISTINCT, out);
            float[] row = new float[in];
            for (int i = 0; i < out; i++) {
                weight.widen(i, row, 0);
                double norm = (in + 1) * 0x1p-24 * norm(row, 0, in);
                for (int source = 0; source < DISTINCT; source++) bounds.set(source, i, (float) (norm * norm(x.data(), source * in, in)));
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
                int source = token % DISTINCT;
                for (int i = 0; i < out.cols(); i++) {
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
