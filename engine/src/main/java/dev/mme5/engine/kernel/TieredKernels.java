package dev.mme5.engine.kernel;

import dev.mme5.engine.kernel.api.AttentionMask;
import dev.mme5.engine.kernel.api.Heads;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.baseline.BaselineKernels;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.weights.QuantizationScheme;
import dev.mme5.weights.QuantizedTensor;
import dev.mme5.weights.WeightMatrix;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The vector kernels, but for the first little work, which {@link BaselineKernels} do with the same bits: compiling vector code takes
 * longer than all the arithmetic of a short text in a small model, and a process that ends before need not pay for it. Large
 * operations, as every product of a large model is, go to the vector kernels from the first.
 */
public final class TieredKernels implements Kernels {
    /** Multiply-adds of an operation that is worth compiling vector code for. */
    private static final long LARGE = 4_000_000;

    /** Multiply-adds after which vectors take over: some dozen short texts in a model of a few million weights. */
    private static final long ENOUGH = 100_000_000;

    /** What an element costs in a kernel that goes by rows, in multiply-adds. */
    private static final long ROW_WORK = 8;

    private final Kernels plain = new BaselineKernels();
    private final AtomicLong done = new AtomicLong();
    private final WorkerPool pool;
    private final long large;
    private final long enough;
    private volatile Kernels vector;

    /** @param pool belongs to the kernels from here on: {@link #close} ends it */
    public TieredKernels(WorkerPool pool) {
        this(pool, LARGE, ENOUGH);
    }

    TieredKernels(WorkerPool pool, long large, long enough) {
        this.pool = pool;
        this.large = large;
        this.enough = enough;
    }

    private Kernels kernels(long work) {
        if (work >= large || done.get() >= enough) return vector();
        done.addAndGet(work);
        return plain;
    }

    private Kernels rows(Matrix x) {
        return kernels(ROW_WORK * x.rows() * x.cols());
    }

    /** Made when first needed: to load the classes of the Vector API takes time too. */
    private Kernels vector() {
        Kernels made = vector;
        return made != null ? made : make();
    }

    private synchronized Kernels make() {
        if (vector == null) vector = new VectorKernels(pool);
        return vector;
    }

    @Override
    public void matmul(Matrix x, WeightMatrix weight, Matrix out) {
        boolean needsVectors = weight instanceof QuantizedTensor tensor && tensor.scheme() == QuantizationScheme.INT4;
        Kernels kernels = needsVectors ? vector() : kernels((long) x.rows() * weight.rows() * weight.cols());
        kernels.matmul(x, weight, out);
    }

    @Override
    public void gather(WeightMatrix table, int[] rows, Matrix out) {
        plain.gather(table, rows, out);
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
    public void normalizeRows(Matrix x) {
        rows(x).normalizeRows(x);
    }

    @Override
    public String description() {
        return vector().description();
    }

    @Override
    public void close() {
        pool.close();
    }
}
