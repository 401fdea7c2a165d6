package dev.mme5.engine.kernel;

import dev.mme5.weights.DType;
import dev.mme5.weights.MappedTensor;
import java.util.Random;

/** Seeded inputs for the tests of kernels. */
final class Samples {
    private final Random random;

    Samples(long seed) {
        random = new Random(seed);
    }

    float[] floats(int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) values[i] = (float) random.nextGaussian();
        return values;
    }

    /** A view of some rows in the middle of a larger array, at an odd offset: what lies around it must not matter. */
    Matrix matrix(int rows, int cols) {
        return new Matrix(floats(rows * cols + 12), 5, rows, cols);
    }

    MappedTensor weight(DType dtype, int rows, int cols) {
        return MappedTensor.ofFloats("weight", dtype, floats(rows * cols), rows, cols);
    }

    static Matrix copy(Matrix m) {
        return new Matrix(m.toArray(), 0, m.rows(), m.cols());
    }

    int below(int bound) {
        return random.nextInt(bound);
    }
}
