package dev.mme5.engine.kernel.panels;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.api.Projection;
import dev.mme5.engine.kernel.gemm.PackingLimits;
import dev.mme5.engine.kernel.panels.tiles.PanelTiles;
import dev.mme5.engine.kernel.pool.BufferPool;
import dev.mme5.engine.kernel.pool.RetainedFloats;
import dev.mme5.engine.kernel.pool.RowPartition;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.engine.kernel.rows.VectorRows;
import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.QuantizationScheme;
import dev.mme5.weights.QuantizedTensor;
import dev.mme5.weights.WeightMatrix;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * out = x · weightᵀ for weights in panels and any number of tokens. Lanes run over output rows, never over k, so every output is one
 * chain of fused multiply-adds from +0 over k = 0, 1, 2, ... Its bits do not depend on tiles, threads or vector width.
 *
 * <p>{@link WideMatmul} multiplies many tokens. Few are packed once and shared by all tasks. A task ({@link PanelTask}) computes some
 * panels. It takes some columns of a panel at a time ({@link PanelProduct}), which the first tile brings into the cache for the others, and
 * the sums wait in a buffer. Meanwhile the tiles read the next columns ahead ({@link ColumnBlocks}). One projection or several of the same
 * tokens are one parallel region.
 */
public final class PanelMatmul {
    private static final int ROWS = PanelTensor.ROWS;

    /**
     * Most tokens whose tiles read 8-bit weights as they are. Most of them load a vector of bytes for one of floats, and no vector has
     * fewer than 8 bytes. With 16 registers they move sums or scales to and from the stack if there are more tokens.
     */
    private static final int MAX_INT8_TOKENS =
            Species.COUNT != Species.SOME_BYTES.length() ? 0 : Species.FEW_REGISTERS ? 5 : 2 * PanelTiles.MAX_TOKENS;

    /** The same for bfloat16 and floats. */
    private static final int MAX_FLOAT_TOKENS = PanelTask.MAX_GROUPS * PanelTiles.MAX_TOKENS;

    /** Floats of all tokens up to which they stay in the second-level cache by themselves, and a task takes panel after panel. */
    private static final int FEW_FLOATS = 1 << 18;

    private final WorkerPool pool;
    private final BufferPool<RetainedFloats> activationPool;
    private final BufferPool<PanelTask.Buffers> bufferPool;
    private final Map<Shape, ColumnBlocks> blocks = new ConcurrentHashMap<>(); // kept, because filling tables takes microseconds
    private final ArrayMatmul arrays;
    private final NarrowMatmul narrow;
    private final ChunkMatmul chunks;
    private final WideMatmul wide;

    /**
     * @param groups of tokens
     * @param inSteps whether tiles read ahead in steps
     */
    private record Shape(PanelSource.Type type, int cols, int groups, boolean inSteps) {}

    /**
     * @param activationPool retains packed activations
     * @param wide multiplies many tokens
     */
    public PanelMatmul(WorkerPool pool, BufferPool<RetainedFloats> activationPool, WideMatmul wide) {
        this.pool = pool;
        this.activationPool = activationPool;
        bufferPool = new BufferPool<>(2 * pool.threads(), PanelTask.Buffers::new);
        this.wide = wide;
        arrays = new ArrayMatmul(pool);
        narrow = new NarrowMatmul(pool);
        chunks = new ChunkMatmul(pool, new BufferPool<>(pool.threads(), ChunkMatmul.Buffers::new));
    }

    /** Whether a weight is one of floats or 8 bits in panels. */
    public static boolean takes(WeightMatrix weight) {
        return switch (weight) {
            case PanelTensor _ -> true;
            case QuantizedTensor tensor -> tensor.inPanels() && tensor.scheme() == QuantizationScheme.INT8;
            case MappedTensor _ -> false;
        };
    }

    /** out = x · weightᵀ, with x [tokens, in], weight [out, in] one that {@link #takes} names, out [tokens, out]. */
    public void multiply(Matrix x, WeightMatrix weight, Matrix out) {
        project(x, List.of(new Projection(weight, null, false)), List.of(out));
    }

    /**
     * outs[i] = act(x · weightᵀ + bias) of projection i, all in one parallel region. Bias and activation follow in the task that has
     * computed the columns, while these are in the cache.
     *
     * @param projections their weights are those that {@link #takes} names; where all are in arrays, they are read as arrays
     */
    public void project(Matrix x, List<Projection> projections, List<Matrix> outs) {
        if (x.rows() == 0) return;
        boolean inArrays = projections.stream().allMatch(PanelMatmul::inArray);
        if (inArrays && chunks.accepts(x.rows(), x.cols())) {
            chunks.project(x, projections, outs);
            return;
        }
        boolean isNarrow = inArrays && NarrowMatmul.accepts(x.cols());
        if (inArrays && !isNarrow && arrays.acceptsRows(x)) {
            arrays.project(x, projections, outs);
            return;
        }
        if (!inArrays && projections.stream().anyMatch(projection -> isWide(x.rows(), projection.weight()))) {
            wide.project(x, projections, outs);
            return;
        }
        int max = PackingLimits.maxTokens(x.cols());
        int count = Math.ceilDiv(x.rows(), max);
        int part = Math.ceilDiv(x.rows(), Math.max(1, count));
        RetainedFloats buffer = activationPool.acquire();
        for (int from = 0; from < x.rows(); from += part) {
            int to = Math.min(x.rows(), from + part);
            int first = from;
            List<Matrix> parts = outs.stream().map(out -> out.rows(first, to)).toList();
            if (isNarrow) {
                narrow.project(x.rows(from, to), projections, parts, arrays.acceptsRows(x.rows(from, to)), buffer);
                continue;
            }
            PackedTokens tokens = PackedTokens.of(x.rows(from, to), buffer, pool);
            if (inArrays) arrays.project(tokens, projections, parts);
            else project(tokens, projections, parts);
        }
        activationPool.release(buffer);
    }

    /** Whether {@link #mlp} takes these products. */
    public boolean acceptsMlp(Matrix x, Projection up, Projection down) {
        return x.rows() > 0 && inArray(up) && inArray(down) && (acceptsChunks(x, down) || arrays.acceptsMlp(x, down));
    }

    /** out = projection down of projection up of x [tokens, in]; out [tokens, out] may be x. */
    public void mlp(Matrix x, Projection up, Projection down, Matrix out) {
        if (acceptsChunks(x, down)) {
            chunks.mlp(x, up, down, out);
            return;
        }
        RetainedFloats buffer = activationPool.acquire();
        boolean isNarrow = NarrowMatmul.accepts(x.cols()) && NarrowMatmul.accepts(down.weight().cols());
        if (isNarrow) narrow.mlp(x, up, down, buffer, out);
        else arrays.mlp(x, up, down, buffer, out);
        activationPool.release(buffer);
    }

    private boolean acceptsChunks(Matrix x, Projection down) {
        return chunks.accepts(x.rows(), x.cols()) && chunks.accepts(x.rows(), down.weight().cols());
    }

    /** Whether there are so many tokens that columns are widened once for all of them. */
    private static boolean isWide(int tokens, WeightMatrix weight) {
        return tokens > (weight instanceof QuantizedTensor ? MAX_INT8_TOKENS : MAX_FLOAT_TOKENS);
    }

    private static boolean inArray(Projection projection) {
        return projection.weight() instanceof PanelTensor panels && panels.array() != null;
    }

    private void project(PackedTokens x, List<Projection> projections, List<Matrix> outs) {
        int totalRows = outs.stream().mapToInt(Matrix::cols).sum();
        int rows = taskRows(totalRows, projections.getFirst().weight().cols(), outs.getFirst().rows());
        int[] firstTasks = new int[outs.size() + 1];
        PanelProduct[] products = new PanelProduct[outs.size()];
        for (int i = 0; i < outs.size(); i++) {
            firstTasks[i + 1] = firstTasks[i] + Math.ceilDiv(outs.get(i).cols(), rows);
            PanelSource weight = PanelSource.of(projections.get(i).weight());
            products[i] = PanelProduct.of(x, weight, blocks(weight, x.groups()), outs.get(i));
        }
        pool.forEachNeighbour(firstTasks[outs.size()], (thread, task, next) -> {
            int i = 0;
            while (firstTasks[i + 1] <= task) i++;
            Matrix out = outs.get(i);
            int from = (task - firstTasks[i]) * rows;
            int to = Math.min(out.cols(), from + rows);
            boolean sameWeight = next >= firstTasks[i] && next < firstTasks[i + 1];
            run(products[i], from / ROWS, rows / ROWS, sameWeight ? (next - firstTasks[i]) * rows / ROWS : -1);
            finish(projections.get(i), out, from, to);
        });
    }

    private ColumnBlocks blocks(PanelSource weight, TokenGroups groups) {
        Shape shape = new Shape(weight.type(), weight.cols(), groups.groups(), PanelProduct.readsInSteps(weight, groups));
        return blocks.computeIfAbsent(shape, _ -> PanelProduct.blocks(weight, shape.groups, shape.inSteps));
    }

    /** Bias and activation of columns from..to. */
    private static void finish(Projection projection, Matrix out, int from, int to) {
        if (projection.bias() == null && !projection.gelu()) return;
        for (int row = 0; row < out.rows(); row++) {
            int offset = out.offset() + row * out.cols() + from;
            if (projection.bias() != null) VectorRows.add(out.data(), offset, projection.bias(), from, to - from);
            if (projection.gelu()) VectorRows.gelu(out.data(), offset, to - from);
        }
    }

    /** Output rows in a task. */
    private int taskRows(int rows, int cols, int tokens) {
        boolean few = (long) tokens * cols <= FEW_FLOATS;
        return RowPartition.size(rows, ROWS, few ? ROWS : PanelTask.MAX_PANELS * ROWS, pool.threads());
    }

    private void run(PanelProduct product, int fromPanel, int panels, int nextPanel) {
        PanelTask.Buffers buffers = bufferPool.acquire();
        int toPanel = Math.min(PanelTensor.count(product.out().cols()), fromPanel + panels);
        new PanelTask(product, buffers, fromPanel, toPanel, nextPanel).run();
        bufferPool.release(buffers);
    }
}
