package dev.mme5.engine.kernel;

import dev.mme5.engine.kernel.api.AttentionMask;
import dev.mme5.engine.kernel.api.CanonicalOrder;
import dev.mme5.engine.kernel.api.Heads;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.api.Projection;
import dev.mme5.engine.kernel.api.ShapeChecks;
import dev.mme5.engine.kernel.attention.VectorAttention;
import dev.mme5.engine.kernel.int4.Int4Matmul;
import dev.mme5.engine.kernel.panels.PanelMatmul;
import dev.mme5.engine.kernel.panels.RowMatmul;
import dev.mme5.engine.kernel.panels.WideMatmul;
import dev.mme5.engine.kernel.pool.BufferPool;
import dev.mme5.engine.kernel.pool.RetainedFloats;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.engine.kernel.rows.VectorRows;
import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.QuantizationScheme;
import dev.mme5.weights.QuantizedTensor;
import dev.mme5.weights.WeightMatrix;
import java.util.List;

/**
 * The fast kernels: Vector API at the machine's preferred width, on all threads of the pool, in canonical order. Matrix products are in
 * {@link PanelMatmul}, {@link RowMatmul} and {@link Int4Matmul}, attention in {@link VectorAttention}, everything else in
 * {@link VectorRows}.
 */
public final class VectorKernels implements Kernels {
    /** Elements from which another thread is worth waking. */
    private static final int MIN_TASK_ELEMENTS = 16_384;

    private final WorkerPool pool;
    private final RowMatmul rows;
    private final PanelMatmul panels;
    private final Int4Matmul int4;
    private final VectorAttention attention;

    /** @param pool is owned by the kernels: {@link #close} closes it */
    public VectorKernels(WorkerPool pool) {
        this.pool = pool;
        BufferPool<RetainedFloats> activationPool = new BufferPool<>(1, RetainedFloats::new);
        WideMatmul wide = new WideMatmul(pool, activationPool);
        rows = new RowMatmul(pool, wide);
        panels = new PanelMatmul(pool, activationPool, wide);
        int4 = new Int4Matmul(pool, activationPool);
        attention = new VectorAttention(pool);
    }

    @Override
    public void matmul(Matrix x, WeightMatrix weight, Matrix out) {
        ShapeChecks.requireMatmul(x, weight, out);
        switch (weight) {
            case PanelTensor tensor -> panels.multiply(x, tensor, out);
            case QuantizedTensor tensor when tensor.scheme() == QuantizationScheme.INT4 -> int4.multiply(x, tensor, out);
            case QuantizedTensor tensor when tensor.inPanels() -> panels.multiply(x, tensor, out);
            case MappedTensor _,QuantizedTensor _ -> rows.multiply(x, weight, out);
        }
    }

    @Override
    public boolean prefersPanels() {
        return true;
    }

    @Override
    public void project(Matrix x, List<Projection> projections, List<Matrix> outs) {
        if (!projections.stream().allMatch(projection -> PanelMatmul.takes(projection.weight()))) {
            Kernels.super.project(x, projections, outs);
            return;
        }
        for (int i = 0; i < projections.size(); i++) {
            ShapeChecks.requireMatmul(x, projections.get(i).weight(), outs.get(i));
            if (projections.get(i).bias() != null) ShapeChecks.requireLength(outs.get(i), projections.get(i).bias());
        }
        panels.project(x, projections, outs);
    }

    @Override
    public void mlp(Matrix x, Projection up, Projection down, Matrix buffer, Matrix out) {
        if (!panels.acceptsMlp(x, up, down)) {
            Kernels.super.mlp(x, up, down, buffer, out);
            return;
        }
        ShapeChecks.requireMlp(x, up, down, out);
        panels.mlp(x, up, down, out);
    }

    @Override
    public void gather(WeightMatrix table, int[] rows, Matrix out) {
        ShapeChecks.requireGather(table, rows, out);
        for (int i = 0; i < rows.length; i++) table.widen(rows[i], out.data(), out.offset() + i * out.cols());
    }

    @Override
    public void addBias(Matrix x, float[] bias) {
        ShapeChecks.requireLength(x, bias);
        forEachRow(x, (row, partials) -> VectorRows.add(x.data(), offset(x, row), bias, 0, x.cols()));
    }

    @Override
    public void addScaled(Matrix x, float scale, Matrix update) {
        ShapeChecks.requireUpdate(x, update);
        boolean oneUpdateRow = update.rows() == 1;
        forEachRow(x, (row, partials) -> {
            VectorRows.addScaled(x.data(), offset(x, row), scale, update.data(), offset(update, oneUpdateRow ? 0 : row), x.cols());
        });
    }

    @Override
    public void gelu(Matrix x) {
        forEachRow(x, (row, partials) -> VectorRows.gelu(x.data(), offset(x, row), x.cols()));
    }

    @Override
    public void siluTimes(Matrix gate, Matrix up) {
        ShapeChecks.requireSame(gate, up);
        forEachRow(gate, (row, partials) -> VectorRows.siluTimes(gate.data(), offset(gate, row), up.data(), offset(up, row), gate.cols()));
    }

    @Override
    public void layerNorm(Matrix x, float[] weight, float[] bias, float eps, Matrix out) {
        ShapeChecks.requireSame(x, out);
        ShapeChecks.requireLength(x, weight);
        ShapeChecks.requireLength(x, bias);
        forEachRow(x, (row, partials) -> VectorRows.layerNorm(x.data(), offset(x, row), weight, bias, eps, out.data(), offset(out, row),
                partials));
    }

    @Override
    public void addAndNorm(Matrix x, Matrix update, float[] weight, float[] bias, float eps) {
        ShapeChecks.requireSame(x, update);
        ShapeChecks.requireLength(x, weight);
        ShapeChecks.requireLength(x, bias);
        forEachRow(x, (row, partials) -> {
            VectorRows.addScaled(x.data(), offset(x, row), 1, update.data(), offset(update, row), x.cols());
            VectorRows.layerNorm(x.data(), offset(x, row), weight, bias, eps, x.data(), offset(x, row), partials);
        });
    }

    @Override
    public void rmsNorm(Matrix x, float[] weight, float eps, Matrix out) {
        ShapeChecks.requireSame(x, out);
        ShapeChecks.requireLength(x, weight);
        forEachRow(x, (row, partials) -> VectorRows.rmsNorm(x.data(), offset(x, row), weight, eps, out.data(), offset(out, row), partials));
    }

    @Override
    public void rotate(Matrix x, Matrix cos, Matrix sin) {
        ShapeChecks.requireRotation(x, cos, sin);
        int half = cos.cols();
        forEachRow(x, (row, partials) -> {
            for (int head = 0; head < x.cols(); head += 2 * half) {
                VectorRows.rotate(x.data(), offset(x, row) + head, cos.data(), offset(cos, row), sin.data(), offset(sin, row), half);
            }
        });
    }

    @Override
    public void attention(Matrix q, Matrix k, Matrix v, Heads heads, AttentionMask mask, Matrix out) {
        ShapeChecks.requireAttention(q, k, v, heads, mask, out);
        attention.attend(q, k, v, heads, mask, out);
    }

    @Override
    public void attentionWithin(Matrix q, Matrix k, Matrix v, Heads heads, int[] starts, Matrix out) {
        for (int i = 0; i + 1 < starts.length; i++) {
            AttentionMask mask = new AttentionMask.Full(starts[i + 1] - starts[i]);
            Matrix keys = k.rows(starts[i], starts[i + 1]);
            ShapeChecks.requireAttention(q.rows(starts[i], starts[i + 1]), keys, v.rows(starts[i], starts[i + 1]), heads, mask,
                    out.rows(starts[i], starts[i + 1]));
        }
        attention.attendWithin(q, k, v, heads, starts, out);
    }

    @Override
    public void normalizeRows(Matrix x) {
        forEachRow(x, (row, partials) -> VectorRows.normalize(x.data(), offset(x, row), x.cols(), partials));
    }

    @Override
    public String description() {
        return "vector, " + Species.FLOAT.vectorBitSize() + " bit";
    }

    @Override
    public void close() {
        pool.close();
    }

    /** Processes one row; {@code partials} is a buffer for the sums over it. */
    @FunctionalInterface
    private interface RowTask {
        void run(int row, float[] partials);
    }

    private void forEachRow(Matrix x, RowTask task) {
        pool.forEachRange(x.rows(), Math.ceilDiv(MIN_TASK_ELEMENTS, Math.max(1, x.cols())), (from, to) -> {
            float[] partials = new float[CanonicalOrder.ROW_PARTIALS];
            for (int row = from; row < to; row++) task.run(row, partials);
        });
    }

    private static int offset(Matrix x, int row) {
        return x.offset() + row * x.cols();
    }
}
