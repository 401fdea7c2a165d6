package dev.mme5.benchmarks.peer;

import dev.mme5.benchmarks.subject.BenchmarkSubject;
import dev.mme5.benchmarks.subject.MatmulInputs;

/** Who multiplies. */
public enum MatmulPeer {
    /** This project's vector kernels. */
    MME5,
    /** Jlama's Panama tensor operations: float32 times bfloat16, as here. */
    JLAMA,
    /** dev.ludovic.netlib's VectorBLAS, which Spark uses: float32 times float32, so it reads twice the bytes. */
    VECTOR_BLAS;

    public BenchmarkSubject open(MatmulInputs inputs, int threads) {
        return switch (this) {
            case MME5 -> new KernelMatmul(inputs, threads);
            case JLAMA -> new JlamaMatmul(inputs, threads);
            case VECTOR_BLAS -> new VectorBlasMatmul(inputs, threads);
        };
    }
}
