package dev.mme5.benchmarks.peer;

import dev.mme5.benchmarks.subject.BenchmarkSubject;
import dev.mme5.benchmarks.subject.MatmulInputs;

/** The implementations of a matmul that are compared. The names are values of a JMH parameter. */
public enum MatmulPeer {
    /** This project's vector kernels. */
    MME5,
    /** Jlama's Panama tensor operations: float32 by bfloat16, as mme5. */
    JLAMA,
    /** dev.ludovic.netlib's VectorBLAS, which Spark uses: float32 by float32, so it reads twice the bytes. */
    VECTOR_BLAS;

    public BenchmarkSubject open(MatmulInputs inputs, int threads) {
        return switch (this) {
            case MME5 -> new KernelMatmul(inputs, threads);
            case JLAMA -> new JlamaMatmul(inputs, threads);
            case VECTOR_BLAS -> new VectorBlasMatmul(inputs, threads);
        };
    }
}
