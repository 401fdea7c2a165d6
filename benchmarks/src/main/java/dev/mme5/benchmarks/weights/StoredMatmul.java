package dev.mme5.benchmarks.weights;

import dev.mme5.benchmarks.checkpoint.Samples;
import dev.mme5.benchmarks.subject.BenchmarkSubject;
import dev.mme5.benchmarks.subject.MatmulShape;
import dev.mme5.benchmarks.subject.Workload;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.baseline.BaselineKernels;
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
     * A weight, and what the kernels without vectors make of it, which is the same to the bit.
     *
     * @param weight [out, in]
     * @param x [distinct, in]
     * @param result [distinct, out]
     */
    public record Expected(WeightMatrix weight, Matrix x, Matrix result) {
        /** More than the tokens of a register tile, so that no two tokens of one are equal. */
        private static final int DISTINCT = 13;

        private static final long SEED = 15;

        /** Takes seconds for a large weight, and serves all numbers of tokens. */
        public static Expected of(StoredWeight form, int in, int out) {
            WeightMatrix weight = form.create(out, in);
            Matrix x = new Samples(SEED).matrix(DISTINCT, in);
            Matrix result = Matrix.zeros(DISTINCT, out);
            try (Kernels kernels = new BaselineKernels()) {
                kernels.matmul(x, weight, result);
            }
            return new Expected(weight, x, result);
        }

        private void check(Matrix out, String name) {
            for (int token = 0; token < out.rows(); token++) {
                for (int i = 0; i < out.cols(); i++) {
                    float expected = result.at(token % DISTINCT, i);
                    if (Float.floatToRawIntBits(out.at(token, i)) == Float.floatToRawIntBits(expected)) continue;
                    throw new IllegalStateException(
                            name + ", token " + token + ", output " + i + ": expected " + expected + ", found " + out.at(token, i));
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
