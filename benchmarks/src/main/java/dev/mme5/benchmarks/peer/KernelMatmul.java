package dev.mme5.benchmarks.peer;

import dev.mme5.benchmarks.subject.BenchmarkSubject;
import dev.mme5.benchmarks.subject.MatmulInputs;
import dev.mme5.benchmarks.subject.Workload;
import dev.mme5.engine.kernel.VectorKernels;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.pool.WorkerPool;

/** The matmul of mme5's vector kernels. */
final class KernelMatmul implements BenchmarkSubject {
    private final MatmulInputs inputs;
    private final Kernels kernels;
    private final Matrix out;

    KernelMatmul(MatmulInputs inputs, int threads) {
        this.inputs = inputs;
        kernels = new VectorKernels(new WorkerPool(threads));
        out = Matrix.zeros(inputs.shape().tokens(), inputs.shape().out());
    }

    @Override
    public void run() {
        kernels.matmul(inputs.x(), inputs.weight(), out);
    }

    @Override
    public void check() {
        inputs.check(out);
    }

    @Override
    public Workload workload() {
        return inputs.shape().workload();
    }

    @Override
    public void close() {
        kernels.close();
    }
}
