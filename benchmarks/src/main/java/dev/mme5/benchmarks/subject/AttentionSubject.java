package dev.mme5.benchmarks.subject;

import dev.mme5.benchmarks.checkpoint.Samples;
import dev.mme5.engine.kernel.VectorKernels;
import dev.mme5.engine.kernel.api.AttentionMask;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.engine.kernel.reference.ReferenceKernels;
import java.util.Arrays;

/** Attention of random queries, keys and values. */
public final class AttentionSubject implements BenchmarkSubject {
    /** Far above rounding, about 1e-6 for values around 1, and far below any mistake. */
    private static final double BOUND = 2e-5;

    private final AttentionShape shape;
    private final Kernels kernels;
    private final AttentionMask mask;
    private final Matrix q;
    private final Matrix k;
    private final Matrix v;
    private final Matrix out;

    public AttentionSubject(AttentionShape shape, int threads) {
        this.shape = shape;
        kernels = new VectorKernels(new WorkerPool(threads));
        mask = shape.mask();
        Samples samples = new Samples(shape.ordinal());
        q = samples.matrix(shape.tokens, shape.heads.heads() * shape.heads.size());
        k = samples.matrix(shape.tokens, shape.heads.kvHeads() * shape.heads.size());
        v = samples.matrix(shape.tokens, shape.heads.kvHeads() * shape.heads.size());
        out = Matrix.zeros(q.rows(), q.cols());
    }

    @Override
    public void run() {
        kernels.attention(q, k, v, shape.heads, mask, out);
    }

    /** Compares a few queries in all heads; all queries would take the reference kernel minutes. */
    @Override
    public void check() {
        int[] queries = Samples.sampledRows(q.rows());
        int[] ends = Arrays.stream(queries).map(mask::to).toArray();
        int[] once = new int[k.rows()];
        Arrays.fill(once, 1);
        Matrix expected = Matrix.zeros(queries.length, q.cols());
        AttentionMask some = new AttentionMask.KeyRanges(new int[queries.length], ends, once);
        new ReferenceKernels().attention(Samples.rows(q, queries), k, v, shape.heads, some, expected);
        for (int i = 0; i < queries.length; i++) {
            for (int col = 0; col < q.cols(); col++) {
                String location = "attention " + shape + ", query " + queries[i] + ", column " + col;
                Samples.requireClose(expected.at(i, col), out.at(queries[i], col), BOUND, location);
            }
        }
    }

    @Override
    public Workload workload() {
        return shape.workload();
    }

    @Override
    public void close() {
        kernels.close();
    }
}
