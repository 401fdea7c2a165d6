package dev.mme5.benchmarks.peer;

import dev.ludovic.netlib.blas.JavaBLAS;
import dev.mme5.benchmarks.subject.BenchmarkSubject;
import dev.mme5.benchmarks.subject.MatmulInputs;
import dev.mme5.benchmarks.subject.MatmulShape;
import dev.mme5.benchmarks.subject.Workload;
import dev.mme5.engine.kernel.api.Matrix;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The sgemm of dev.ludovic.netlib in pure Java. It has one thread; outputs are split over several calls. */
final class VectorBlasMatmul implements BenchmarkSubject {
    /** It tells which of its implementations it takes: the one that its name says. Held, since loggers are collected. */
    private static final Logger SILENT = Logger.getLogger("dev.ludovic.netlib.blas.InstanceBuilder");

    static {
        SILENT.setLevel(Level.OFF);
    }

    private final MatmulInputs inputs;
    private final PeerThreads split;
    private final JavaBLAS blas = JavaBLAS.getInstance();
    private final float[] weight;
    private final Matrix out;

    VectorBlasMatmul(MatmulInputs inputs, int threads) {
        this.inputs = inputs;
        split = new PeerThreads(threads);
        weight = inputs.weight().toFloats();
        out = Matrix.zeros(inputs.shape().tokens(), inputs.shape().out());
    }

    @Override
    public String implementation() {
        return "netlib VectorBLAS f32";
    }

    /** BLAS counts by columns: our rows are its columns, so it computes outᵀ = weight · xᵀ. */
    @Override
    public void run() {
        MatmulShape s = inputs.shape();
        split.run(s.out(), (from, count) -> blas.sgemm(
                "T", "N", count, s.tokens(), s.in(), 1f, weight, from * s.in(), s.in(), inputs.x().data(), 0, s.in(), 0f, out.data(),
                from, s.out()));
    }

    @Override
    public void check() {
        inputs.check(out);
    }

    @Override
    public Workload amount() {
        return inputs.shape().amount();
    }

    @Override
    public void close() {
        split.close();
    }
}
