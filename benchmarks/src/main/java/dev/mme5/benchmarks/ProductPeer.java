package dev.mme5.benchmarks;

/** Who multiplies. */
public enum ProductPeer {
    /** This project's vector kernels. */
    MME5,
    /** Jlama's Panama tensor operations: float32 times bfloat16, as here. */
    JLAMA,
    /** dev.ludovic.netlib's VectorBLAS, which Spark uses: float32 times float32, so it reads twice the bytes. */
    VECTOR_BLAS;

    Subject open(ProductInputs inputs, int threads) {
        return switch (this) {
            case MME5 -> new KernelProduct(inputs, threads);
            case JLAMA -> new JlamaProduct(inputs, threads);
            case VECTOR_BLAS -> new VectorBlasProduct(inputs, threads);
        };
    }
}
