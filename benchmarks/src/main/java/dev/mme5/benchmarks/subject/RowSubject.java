package dev.mme5.benchmarks.subject;

import dev.mme5.benchmarks.checkpoint.Samples;
import dev.mme5.engine.kernel.VectorKernels;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.engine.kernel.reference.ReferenceKernels;

/** One row operation, in place as in the model: each run continues from the result of the previous one. */
public final class RowSubject implements BenchmarkSubject {
    private final RowOperation operation;
    private final Kernels kernels;
    private final Matrix x;
    private final Matrix y;
    private final float[] weight;

    public RowSubject(RowOperation operation, int threads) {
        this.operation = operation;
        kernels = new VectorKernels(new WorkerPool(threads));
        Samples samples = new Samples(operation.ordinal());
        x = samples.matrix(operation.rows, operation.cols);
        y = samples.matrix(operation.rows, operation.cols);
        weight = samples.floats(operation.cols);
        operation.stabilizeInputs(x, y);
    }

    @Override
    public void run() {
        operation.apply(kernels, x, y, weight);
    }

    /** Compares a whole matrix of few rows and the same width, from ordinary values. */
    @Override
    public void check() {
        Matrix start = new Samples(-1).matrix(Math.min(operation.rows, 32), operation.cols);
        Matrix expected = new Matrix(start.toArray(), 0, start.rows(), start.cols());
        Matrix actual = new Matrix(start.toArray(), 0, start.rows(), start.cols());
        Matrix second = new Samples(-2).matrix(start.rows(), operation.cols);
        operation.apply(new ReferenceKernels(), expected, second, weight);
        operation.apply(kernels, actual, second, weight);
        for (int row = 0; row < start.rows(); row++) {
            for (int col = 0; col < start.cols(); col++) {
                double bound = 1e-5 * (1 + Math.abs(expected.at(row, col)));
                Samples.requireClose(expected.at(row, col), actual.at(row, col), bound, operation + " " + row + ", " + col);
            }
        }
    }

    @Override
    public Workload workload() {
        return operation.workload();
    }

    @Override
    public void close() {
        kernels.close();
    }
}
