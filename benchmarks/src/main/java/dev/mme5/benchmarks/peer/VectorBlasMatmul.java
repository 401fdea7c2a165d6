package dev.mme5.benchmarks.peer;

import dev.ludovic.netlib.blas.JavaBLAS;
import dev.mme5.benchmarks.subject.BenchmarkSubject;
import dev.mme5.benchmarks.subject.MatmulInputs;
import dev.mme5.benchmarks.subject.MatmulShape;
import dev.mme5.benchmarks.subject.Workload;
import dev.mme5.engine.kernel.api.Matrix;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The pure Java sgemm of dev.ludovic.netlib. It has one thread; outputs are split over several calls. */
final class VectorBlasMatmul implements BenchmarkSubject {
    /** Silences a log line about the implementation. A field, because unreferenced loggers are collected. */
    private static final Logger SILENT = Logger.getLogger("dev.ludovic.netlib.blas.InstanceBuilder");

    static {
        SILENT.setLevel(Level.OFF);
    }

    private final MatmulInputs inputs;
    private final PeerThreads peerThreads;
    private final JavaBLAS blas = JavaBLAS.getInstance();
    private final float[] weight;
    private final Matrix out;

    VectorBlasMatmul(MatmulInputs inputs, int threads) {
        this.inputs = inputs;
        peerThreads = new PeerThreads(threads);
        weight = inputs.weight().toFloats();
        out = Matrix.zeros(inputs.shape().tokens(), inputs.shape().out());
    }

    @Override
    public String implementation() {
        return "netlib VectorBLAS f32";
    }

    /** BLAS is column-major: rows here are its columns, so it computes outᵀ = weight · xᵀ. */
    @Override
    public void run() {
        MatmulShape s = inputs.shape();
        peerThreads.run(s.out(), (from, count) -> blas.sgemm(
                "T", "N", count, s.tokens(), s.in(), 1f, weight, from * s.in(), s.in(), inputs.x().data(), 0, s.in(), 0f, out.data(),
                from, s.out()));
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
        peerThreads.close();
    }
}
