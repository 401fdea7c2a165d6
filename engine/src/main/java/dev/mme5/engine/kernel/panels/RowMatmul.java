package dev.mme5.engine.kernel.panels;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.api.Projection;
import dev.mme5.engine.kernel.gemm.Int8Matvec;
import dev.mme5.engine.kernel.gemm.VectorMatvec;
import dev.mme5.engine.kernel.pool.RowPartition;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.QuantizedTensor;
import dev.mme5.weights.WeightMatrix;
import java.util.List;

/**
 * out = x · weightᵀ for weights in rows and any number of tokens, with the order of sums of {@link PanelMatmul}: {@link WideMatmul} packs
 * weights into panels on the way. A single token reads the rows as they are, because packing would cost more than its multiplications.
 */
public final class RowMatmul {
    /** Most weight rows in a task for a single token. */
    private static final int ONE_TOKEN_ROWS = 96;

    private final WorkerPool pool;
    private final WideMatmul wide;

    /** @param wide multiplies more than one token */
    public RowMatmul(WorkerPool pool, WideMatmul wide) {
        this.pool = pool;
        this.wide = wide;
    }

    /** out = x · weightᵀ, with x [tokens, in], weight [out, in] in rows, of floats or 8 bits, out [tokens, out]. */
    public void multiply(Matrix x, WeightMatrix weight, Matrix out) {
        if (x.rows() == 1) {
            forEachRowBlock(out.cols(), Species.COUNT, ONE_TOKEN_ROWS, (from, to) -> matvec(x, weight, from, to, out));
            return;
        }
        wide.project(x, List.of(new Projection(weight, null, false)), List.of(out));
    }

    /** Columns fromRow to toRow of out, for a single token. */
    private static void matvec(Matrix x, WeightMatrix weight, int fromRow, int toRow, Matrix out) {
        int outOffset = out.offset() + fromRow;
        switch (weight) {
            case MappedTensor floats -> VectorMatvec.multiply(x.data(), x.offset(), floats, fromRow, toRow, out.data(), outOffset);
            case QuantizedTensor bytes -> Int8Matvec.multiply(x.data(), x.offset(), bytes, fromRow, toRow, out.data(), outOffset);
            case PanelTensor other -> throw notInRows(other);
        }
    }

    private static IllegalArgumentException notInRows(PanelTensor weight) {
        return new IllegalArgumentException("expected weights in rows, found " + weight);
    }

    /** Runs the task for row blocks whose size is a multiple of step. */
    private void forEachRowBlock(int rows, int step, int max, WorkerPool.RangeTask task) {
        int block = RowPartition.size(rows, step, max, pool.threads());
        pool.forEach(Math.ceilDiv(rows, block), i -> task.run(i * block, Math.min(rows, (i + 1) * block)));
    }
}
