package dev.mme5.benchmarks.subject;

import dev.mme5.benchmarks.checkpoint.Samples;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.reference.ReferenceKernels;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.Shape;

/**
 * What every implementation multiplies, and how its result is judged.
 *
 * @param shape the sizes
 * @param x [tokens, in]
 * @param weight bfloat16 [out, in]
 */
public record MatmulInputs(MatmulShape shape, Matrix x, MappedTensor weight) {
    /** Consecutive rows of the weight, so that lanes next to each other are compared too. */
    private static final int RUN = 19;

    public static MatmulInputs of(MatmulShape shape) {
        Samples samples = new Samples(shape.hashCode());
        return new MatmulInputs(shape, samples.matrix(shape.tokens(), shape.in()), samples.weight(shape.out(), shape.in()));
    }

    /**
     * Compares a few tokens by a few runs of outputs with the scalar product: all of it would take minutes at these sizes, and
     * the tests of the kernels do compare all.
     *
     * @throws IllegalStateException when one differs by more than rounding: (in + 1) 2⁻²⁴ Σ|x w|
     */
    public void check(Matrix out) {
        int[] tokens = Samples.someOf(shape.tokens());
        Matrix some = Samples.rows(x, tokens);
        float[] row = new float[shape.in()];
        for (int run : Samples.someOf(Math.max(1, shape.out() - RUN + 1))) {
            int rows = Math.min(RUN, shape.out());
            MappedTensor part = part(run, rows);
            Matrix expected = Matrix.zeros(tokens.length, rows);
            new ReferenceKernels().matmul(some, part, expected);
            for (int i = 0; i < rows; i++) {
                part.widen(i, row, 0);
                for (int t = 0; t < tokens.length; t++) {
                    double magnitude = 0;
                    for (int k = 0; k < row.length; k++) magnitude += Math.abs((double) some.at(t, k) * row[k]);
                    double bound = (shape.in() + 1) * 0x1p-24 * magnitude;
                    String place = "product " + shape + ", token " + tokens[t] + ", output " + (run + i);
                    Samples.requireClose(expected.at(t, i), out.at(tokens[t], run + i), bound, place);
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
