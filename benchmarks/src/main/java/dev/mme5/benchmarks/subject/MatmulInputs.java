package dev.mme5.benchmarks.subject;

import dev.mme5.benchmarks.checkpoint.Samples;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.reference.ReferenceKernels;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.Shape;

/**
 * The operands that every implementation multiplies, and the check of its result.
 *
 * @param shape the sizes
 * @param x [tokens, in]
 * @param weight bfloat16 [out, in]
 */
public record MatmulInputs(MatmulShape shape, Matrix x, MappedTensor weight) {
    /** Consecutive rows of the weight that are compared, so that adjacent lanes are covered. */
    private static final int SAMPLE_ROWS = 19;

    public static MatmulInputs of(MatmulShape shape) {
        Samples samples = new Samples(shape.hashCode());
        return new MatmulInputs(shape, samples.matrix(shape.tokens(), shape.in()), samples.weight(shape.out(), shape.in()));
    }

    /**
     * Compares a few tokens, at a few ranges of outputs, with the reference kernels. The whole result would take minutes at these sizes,
     * and the kernel tests compare whole results.
     *
     * @throws IllegalStateException if one differs by more than rounding: (in + 1) 2⁻²⁴ Σ|x w|
     */
    public void check(Matrix out) {
        int[] tokens = Samples.sampledRows(shape.tokens());
        Matrix some = Samples.rows(x, tokens);
        float[] row = new float[shape.in()];
        for (int run : Samples.sampledRows(Math.max(1, shape.out() - SAMPLE_ROWS + 1))) {
            int rows = Math.min(SAMPLE_ROWS, shape.out());
            MappedTensor part = part(run, rows);
            Matrix expected = Matrix.zeros(tokens.length, rows);
            new ReferenceKernels().matmul(some, part, expected);
            for (int i = 0; i < rows; i++) {
                part.widen(i, row, 0);
                for (int t = 0; t < tokens.length; t++) {
                    double magnitude = 0;
                    for (int k = 0; k < row.length; k++) magnitude += Math.abs((double) some.at(t, k) * row[k]);
                    double bound = (shape.in() + 1) * 0x1p-24 * magnitude;
                    String location = "product " + shape + ", token " + tokens[t] + ", output " + (run + i);
                    Samples.requireClose(expected.at(t, i), out.at(tokens[t], run + i), bound, location);
                }
            }
        }
    }

    private MappedTensor part(int from, int rows) {
        long rowBytes = weight.rowBytes();
        return new MappedTensor(
                weight.file(),
                weight.name(),
                weight.dtype(),
                new Shape(rows, shape.in()),
                weight.bytes().asSlice(from * rowBytes, rows * rowBytes));
    }
}
