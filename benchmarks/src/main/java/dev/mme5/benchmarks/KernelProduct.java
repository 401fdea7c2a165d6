package dev.mme5.benchmarks;

import dev.mme5.engine.kernel.Kernels;
import dev.mme5.engine.kernel.Matrix;
import dev.mme5.engine.kernel.VectorKernels;
import dev.mme5.engine.kernel.WorkerPool;

/** Our own product. */
final class KernelProduct implements Subject {
    private final ProductInputs inputs;
    private final Kernels kernels;
    private final Matrix out;

    KernelProduct(ProductInputs inputs, int threads) {
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
    public Amount amount() {
        return inputs.shape().amount();
    }

    @Override
    public void close() {
        kernels.close();
    }
}
