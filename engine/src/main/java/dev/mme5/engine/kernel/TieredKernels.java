package dev.mme5.engine.kernel;

import dev.mme5.engine.kernel.api.AttentionMask;
import dev.mme5.engine.kernel.api.Heads;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.api.Projection;
import dev.mme5.engine.kernel.baseline.BaselineKernels;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.weights.QuantizationScheme;
import dev.mme5.weights.QuantizedTensor;
import dev.mme5.weights.WeightMatrix;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The vector kernels, except that {@link BaselineKernels} compute the first small operations, with the same bits. Because compiling
 * vector code takes longer than all the arithmetic of a short text in a small model, a short process is faster without it. Large
 * operations, such as every matrix product of a large model, go to the vector kernels from the start.
 */
public final class TieredKernels implements Kernels {
    /** Multiply-adds from which an operation is worth compiling vector code. */
    private static final long LARGE_OPERATION = 32_000_000;

    /** Multiply-adds after which the vector kernels do all work, if they have done a large operation: their code is being compiled then. */
    private static final long MAX_WORK_BESIDE_LARGE = 250_000_000;

    /** The same while no operation was large: two or three short texts in a small encoder. Compiling takes the time of some 2 billion. */
    private static final long MAX_BASELINE_WORK = 1_000_000_000;

    /** Cost of one element in a row kernel, in multiply-adds. */
    private static final long ROW_WORK = 8;

    private final Kernels baseline;
    private final AtomicLong baselineWork = new AtomicLong();
    private final AtomicLong largeWork = new AtomicLong();
    private final WorkerPool pool;
    private final long largeOperation;
    private final long maxWorkBesideLarge;
    private final long maxBaselineWork;
    private volatile Kernels vector;

    /** @param pool is owned by the kernels: {@link #close} closes it */
    public TieredKernels(WorkerPool pool) {
        this(pool, LARGE_OPERATION, MAX_WORK_BESIDE_LARGE, MAX_BASELINE_WORK);
    }

    /**
     * For a JVM without an optimizing compiler, in which vector code stays slow: everything is computed without it, except products with
     * int4 weights. What goes row by row, such as norms and GELU, then runs on the thread of the caller.
     */
    public static TieredKernels withoutVectors(WorkerPool pool) {
        return new TieredKernels(pool, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);
    }

    TieredKernels(WorkerPool pool, long largeOperation, long maxWorkBesideLarge, long maxBaselineWork) {
        this.pool = pool;
        this.baseline = new BaselineKernels(pool);
        this.largeOperation = largeOperation;
        this.maxWorkBesideLarge = maxWorkBesideLarge;
        this.maxBaselineWork = maxBaselineWork;
    }

    private Kernels kernels(long work) {
        if (baselineIsDone()) return vector();
        if (work >= largeOperation) {
            largeWork.addAndGet(work);
            return vector();
        }
        baselineWork.addAndGet(work);
        return baseline;
    }

    private boolean baselineIsDone() {
        return baselineWork.get() >= (largeWork.get() > 0 ? maxWorkBesideLarge : maxBaselineWork);
    }

    private Kernels rows(Matrix x) {
        return kernels(ROW_WORK * x.rows() * x.cols());
    }

    /** Created when first needed, because loading the classes of the Vector API takes time too. */
    private Kernels vector() {
        Kernels existing = vector;
        return existing != null ? existing : createVector();
    }

    private synchronized Kernels createVector() {
        if (vector == null) vector = new VectorKernels(pool);
        return vector;
    }

    @Override
    public void matmul(Matrix x, WeightMatrix weight, Matrix out) {
        boolean needsVectors = weight instanceof QuantizedTensor tensor && tensor.scheme() == QuantizationScheme.INT4;
        Kernels kernels = needsVectors ? vector() : kernels((long) x.rows() * weight.rows() * weight.cols());
        kernels.matmul(x, weight, out);
    }

    /** Not before the vector kernels do all work, or have done much. */
    @Override
    public boolean prefersPanels() {
        return baselineIsDone() || largeWork.get() >= maxWorkBesideLarge;
    }

    @Override
    public void project(Matrix x, List<Projection> projections, List<Matrix> outs) {
        if (prefersPanels()) vector().project(x, projections, outs);
        else Kernels.super.project(x, projections, outs);
    }

    @Override
    public void mlp(Matrix x, Projection up, Projection down, Matrix buffer, Matrix out) {
        if (prefersPanels()) vector().mlp(x, up, down, buffer, out);
        else Kernels.super.mlp(x, up, down, buffer, out);
    }

    @Override
    public void gather(WeightMatrix table, int[] rows, Matrix out) {
        baseline.gather(table, rows, out);
    }

    @Override
    public void addBias(Matrix x, float[] bias) {
        rows(x).addBias(x, bias);
    }

    @Override
    public void addScaled(Matrix x, float scale, Matrix update) {
        rows(x).addScaled(x, scale, update);
    }

    @Override
    public void gelu(Matrix x) {
        rows(x).gelu(x);
    }

    @Override
    public void siluTimes(Matrix gate, Matrix up) {
        rows(gate).siluTimes(gate, up);
    }

    @Override
    public void layerNorm(Matrix x, float[] weight, float[] bias, float eps, Matrix out) {
        rows(x).layerNorm(x, weight, bias, eps, out);
    }

    @Override
    public void addAndNorm(Matrix x, Matrix update, float[] weight, float[] bias, float eps) {
        rows(x).addAndNorm(x, update, weight, bias, eps);
    }

    @Override
    public void rmsNorm(Matrix x, float[] weight, float eps, Matrix out) {
        rows(x).rmsNorm(x, weight, eps, out);
    }

    @Override
    public void rotate(Matrix x, Matrix cos, Matrix sin) {
        rows(x).rotate(x, cos, sin);
    }

    @Override
    public void attention(Matrix q, Matrix k, Matrix v, Heads heads, AttentionMask mask, Matrix out) {
        kernels(2L * q.rows() * q.cols() * k.rows()).attention(q, k, v, heads, mask, out);
    }

    @Override
    public void attentionWithin(Matrix q, Matrix k, Matrix v, Heads heads, int[] starts, Matrix out) {
        long work = 0;
        for (int i = 0; i + 1 < starts.length; i++) work += 2L * (starts[i + 1] - starts[i]) * (starts[i + 1] - starts[i]) * q.cols();
        kernels(work).attentionWithin(q, k, v, heads, starts, out);
    }

    @Override
    public void normalizeRows(Matrix x) {
        rows(x).normalizeRows(x);
    }

    @Override
    public String description() {
        boolean never = largeOperation == Long.MAX_VALUE && maxBaselineWork == Long.MAX_VALUE;
        return never ? baseline.description() : vector().description();
    }

    @Override
    public void close() {
        pool.close();
    }
}
