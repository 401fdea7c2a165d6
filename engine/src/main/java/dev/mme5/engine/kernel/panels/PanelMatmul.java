package dev.mme5.engine.kernel.panels;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.api.Projection;
import dev.mme5.engine.kernel.gemm.PackingLimits;
import dev.mme5.engine.kernel.pool.BufferPool;
import dev.mme5.engine.kernel.pool.RetainedFloats;
import dev.mme5.engine.kernel.pool.RowPartition;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.engine.kernel.rows.VectorRows;
import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.DType;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.QuantizedTensor;
import dev.mme5.weights.WeightMatrix;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * out = x · weightᵀ for weights in panels and any number of tokens. Lanes run over output rows, never over k, so every output is one
 * chain of fused multiply-adds from +0 over k = 0, 1, 2, ... Its bits do not depend on tiles, threads or vector width.
 *
 * <p>Tokens are turned once and shared by all tasks. A task computes some panels. As many tokens as one register tile has take a panel
 * from its first to its last column at once: the weights are one stream from memory to registers, and sums never leave these. With more
 * tokens a task takes some columns at a time, which the first tile brings into the cache for the others, and the sums wait in a buffer.
 */
public final class PanelMatmul {
    private static final int ROWS = PanelTensor.ROWS;
    private static final int MAX_TOKENS = PanelTiles.MAX_TOKENS;

    /** Columns at a time, for several tiles: their weights fit into a part of the first-level cache. */
    private static final int DEPTH = 256;

    /**
     * Groups of tokens up to which twice as many columns are taken, so that tiles begin and end more seldom, and every tile reads 8-bit
     * weights itself: with more, these are widened once for all. Also most groups that share what is read ahead.
     */
    private static final int FEW_GROUPS = 4;

    /** Most panels in a task for many tokens: the more panels, the fewer times the tokens are read. */
    private static final int MAX_PANELS = 8;

    /** Most tokens at a time. With DEPTH columns of them and the sums, a task stays in the second-level cache. */
    private static final int BLOCK_TOKENS = 21 * 12;

    /** Floats of all tokens up to which they stay in the second-level cache by themselves, and a task takes panel after panel. */
    private static final int FEW_FLOATS = 1 << 18;

    /** Tiles of 8-bit weights load a vector of bytes for one of floats, and no vector has fewer than 8 bytes. */
    private static final boolean READABLE = Species.COUNT == Species.SOME_BYTES.length();

    private static final float[] ZEROS = new float[ROWS];

    private final WorkerPool pool;
    private final BufferPool<RetainedFloats> activationPool;
    private final BufferPool<Buffers> bufferPool;
    private final ArrayMatmul arrays;
    private final ChunkMatmul chunks;

    /** Working buffers of one task: a quarter of a megabyte. */
    private static final class Buffers {
        private final float[] sums = new float[MAX_PANELS * BLOCK_TOKENS * ROWS]; // [panels, tokens, ROWS]
        private final float[] tile = new float[MAX_TOKENS * ROWS];
        private final float[] rowScales = new float[ROWS];
        private final RetainedFloats scales = new RetainedFloats();
        private float[] widened;

        /** Of no meaning; reading weights ahead is not dropped by the compiler only because it has a result. */
        private int touched;

        /** [DEPTH, ROWS]. */
        float[] widened() {
            if (widened == null) widened = new float[DEPTH * ROWS];
            return widened;
        }
    }

    /** How the tiles read a panel. */
    private enum Source {
        BF16(2), F32(4), INT8(1),
        /** 8-bit weights that were widened to floats in an array. */
        WIDENED(4);

        private final int bytes;

        Source(int bytes) {
            this.bytes = bytes;
        }
    }

    /** @param activationPool retains turned activations */
    public PanelMatmul(WorkerPool pool, BufferPool<RetainedFloats> activationPool) {
        this.pool = pool;
        this.activationPool = activationPool;
        bufferPool = new BufferPool<>(2 * pool.threads(), Buffers::new);
        arrays = new ArrayMatmul(pool);
        chunks = new ChunkMatmul(pool);
    }

    /** out = x · weightᵀ, with x [tokens, in], weight [out, in] of floats, out [tokens, out]. */
    public void multiply(Matrix x, PanelTensor weight, Matrix out) {
        if (weight.array() != null) project(x, List.of(new Projection(weight, null, false)), List.of(out));
        else multiply(x, weight, source(weight), weight.panels().bytes(), out);
    }

    private static Source source(PanelTensor weight) {
        return weight.dtype() == DType.BF16 ? Source.BF16 : Source.F32;
    }

    /** out = x · weightᵀ, with x [tokens, in], weight [out, in] of 8 bits in panels, out [tokens, out]. */
    public void multiply(Matrix x, QuantizedTensor weight, Matrix out) {
        multiply(x, weight, Source.INT8, weight.codes().bytes(), out);
    }

    private void multiply(Matrix x, WeightMatrix weight, Source source, MemorySegment bytes, Matrix out) {
        int max = PackingLimits.maxTokens(x.cols(), ROWS);
        int parts = Math.ceilDiv(x.rows(), max);
        int part = Math.ceilDiv(x.rows(), Math.max(1, parts));
        RetainedFloats buffer = activationPool.acquire();
        for (int from = 0; from < x.rows(); from += part) {
            int to = Math.min(x.rows(), from + part);
            TurnedTokens tokens = TurnedTokens.of(x.rows(from, to), buffer, pool);
            multiply(tokens, weight, source, bytes, out.rows(from, to));
        }
        activationPool.release(buffer);
    }

    /**
     * outs[i] = act(x · weightᵀ + bias) of projection i, all in one parallel region. Bias and activation follow in the task that has
     * computed the columns, while these are in the cache.
     *
     * @param projections their weights are floats in panels
     */
    public void project(Matrix x, List<Projection> projections, List<Matrix> outs) {
        boolean inArrays = projections.stream().allMatch(PanelMatmul::inArray);
        if (inArrays && chunks.accepts(x.rows())) {
            chunks.project(x, projections, outs);
            return;
        }
        int max = PackingLimits.maxTokens(x.cols(), ROWS);
        int count = Math.ceilDiv(x.rows(), max);
        int part = Math.ceilDiv(x.rows(), Math.max(1, count));
        RetainedFloats buffer = activationPool.acquire();
        for (int from = 0; from < x.rows(); from += part) {
            int to = Math.min(x.rows(), from + part);
            TurnedTokens tokens = TurnedTokens.of(x.rows(from, to), buffer, pool);
            int first = from;
            List<Matrix> parts = outs.stream().map(out -> out.rows(first, to)).toList();
            if (inArrays) arrays.project(tokens, projections, parts);
            else project(tokens, projections, parts);
        }
        activationPool.release(buffer);
    }

    /** Whether {@link #mlp} takes these products of so many tokens. */
    public boolean acceptsMlp(int tokens, Projection up, Projection down) {
        return chunks.accepts(tokens) && inArray(up) && inArray(down);
    }

    /** out = projection down of projection up of x [tokens, in]; out [tokens, out] may be x. */
    public void mlp(Matrix x, Projection up, Projection down, Matrix out) {
        chunks.mlp(x, up, down, out);
    }

    private static boolean inArray(Projection projection) {
        return projection.weight() instanceof PanelTensor panels && panels.array() != null;
    }

    private void project(TurnedTokens x, List<Projection> projections, List<Matrix> outs) {
        int totalRows = outs.stream().mapToInt(Matrix::cols).sum();
        int rows = taskRows(totalRows, projections.getFirst().weight().cols(), outs.getFirst().rows());
        int[] firstTasks = new int[outs.size() + 1];
        for (int i = 0; i < outs.size(); i++) firstTasks[i + 1] = firstTasks[i] + Math.ceilDiv(outs.get(i).cols(), rows);
        pool.forEach(firstTasks[outs.size()], task -> {
            int i = 0;
            while (firstTasks[i + 1] <= task) i++;
            PanelTensor weight = (PanelTensor) projections.get(i).weight();
            Matrix out = outs.get(i);
            int from = (task - firstTasks[i]) * rows;
            int to = Math.min(out.cols(), from + rows);
            run(x, weight, source(weight), weight.panels().bytes(), out, from / ROWS, rows / ROWS);
            finish(projections.get(i), out, from, to);
        });
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

    private void multiply(TurnedTokens x, WeightMatrix weight, Source source, MemorySegment bytes, Matrix out) {
        int rows = taskRows(out.cols(), weight.cols(), out.rows());
        pool.forEach(Math.ceilDiv(out.cols(), rows), task -> {
            run(x, weight, source, bytes, out, task * rows / ROWS, rows / ROWS);
        });
    }

    /** Output rows in a task. */
    private int taskRows(int rows, int cols, int tokens) {
        boolean few = (long) tokens * cols <= FEW_FLOATS;
        return RowPartition.size(rows, ROWS, few ? ROWS : MAX_PANELS * ROWS, pool.threads());
    }

    private void run(TurnedTokens x, WeightMatrix weight, Source source, MemorySegment bytes, Matrix out, int fromPanel, int panels) {
        Buffers buffers = bufferPool.acquire();
        int count = PanelTensor.count(out.cols());
        int toPanel = Math.min(count, fromPanel + panels);
        int nextPanel = toPanel + (pool.threads() - 1) * panels; // of the next task of this thread, if threads are equally fast
        Task run = new Task(x, weight, source, bytes, out, buffers, fromPanel, toPanel, nextPanel < count ? nextPanel : -1);
        if (x.groups().groups() == 1 && (source != Source.INT8 || READABLE)) run.oneTile();
        else run.manyTiles();
        bufferPool.release(buffers);
    }

    /**
     * The panels of one task.
     *
     * @param nextPanel which this thread probably computes after this task, or -1
     */
    private record Task(
            TurnedTokens x, WeightMatrix weight, Source source, MemorySegment bytes, Matrix out, Buffers buffers,
            int fromPanel, int toPanel, int nextPanel) {
        /** All columns at once. */
        void oneTile() {
            float[] scales = null;
            for (int panel = fromPanel; panel < toPanel; panel++) {
                if (source == Source.INT8) scales = scales(panel, 0, weight.cols());
                Columns columns = new Columns(source, bytes, null, offset(panel, 0), scales, 0, weight.cols());
                Ahead ahead = ahead(panel + 1 < toPanel ? panel + 1 : nextPanel, 0, weight.cols(), 0, 1, weight.cols());
                tile(columns, panel, 0, ZEROS, 0, 0, true, 0, ahead);
            }
        }

        /**
         * What a tile reads ahead: its share of the columns that this thread needs next. The last few tiles before these share them,
         * because what is read too early drives what is needed now out of the first-level cache.
         *
         * @param depth number of these columns
         * @param tile of those that share them; negative if it comes before
         * @param steps columns of the tile
         */
        private Ahead ahead(int panel, int k, int depth, int tile, int groups, int steps) {
            if (panel < 0 || tile < 0 || source != Source.BF16 && source != Source.INT8) return Ahead.NONE;
            int tiles = Math.min(FEW_GROUPS, groups);
            long stream = depth / PanelTiles.STREAMS * (long) ROWS * source.bytes;
            int reads = Math.max(1, Math.ceilDiv(steps, PanelTiles.STREAMS));
            long share = Math.ceilDiv(stream, tiles);
            long step = Math.min(Math.ceilDiv(share, reads), stream / reads);
            long from = Math.min(tile * share, stream - step * reads);
            return new Ahead(offset(panel, k) + from, stream, (int) step);
        }

        /** Bytes before a column. */
        private long offset(int panel, int k) {
            return ((long) panel * weight.cols() + k) * ROWS * source.bytes;
        }

        private float[] scales(int panel, int k, int depth) {
            int from = k / Int8Panels.GROUP;
            int to = Math.ceilDiv(k + depth, Int8Panels.GROUP);
            float[] scales = buffers.scales.atLeast((to - from) * ROWS);
            Int8Panels.scales((QuantizedTensor) weight, panel, from, to, buffers.rowScales, scales);
            return scales;
        }

        void manyTiles() {
            int blockGroups = BLOCK_TOKENS / MAX_TOKENS;
            for (int group = 0; group < x.groups().groups(); group += blockGroups) {
                manyTiles(group, Math.min(x.groups().groups(), group + blockGroups));
            }
        }

        private void manyTiles(int fromGroup, int toGroup) {
            int cols = weight.cols();
            int firstToken = x.groups().first(fromGroup);
            int tokens = x.groups().first(toGroup) - firstToken;
            boolean few = toGroup - fromGroup <= FEW_GROUPS && source != Source.F32 && (source != Source.INT8 || READABLE);
            int maxDepth = few ? 2 * DEPTH : DEPTH;
            int panelAfter = toGroup < x.groups().groups() ? fromPanel : nextPanel; // more tokens go through the same panels
            int k = 0;
            do { // once even for 0 columns, so that out is set to zero
                int depth = Math.min(maxDepth, cols - k);
                boolean last = k + depth == cols;
                for (int panel = fromPanel; panel < toPanel; panel++) {
                    Columns columns = columns(panel, k, depth, few);
                    boolean nextRow = panel + 1 == toPanel;
                    int aheadPanel = !nextRow ? panel + 1 : !last ? fromPanel : panelAfter;
                    int aheadK = !nextRow ? k : !last ? k + depth : 0;
                    for (int group = fromGroup; group < toGroup; group++) {
                        int sums = ((panel - fromPanel) * tokens + x.groups().first(group) - firstToken) * ROWS;
                        int tile = Math.min(FEW_GROUPS, toGroup - fromGroup) - (toGroup - group);
                        Ahead ahead = ahead(aheadPanel, aheadK, Math.min(maxDepth, cols - aheadK), tile, toGroup - fromGroup, depth);
                        if (k == 0) tile(columns, panel, group, ZEROS, 0, 0, last, sums, ahead);
                        else tile(columns, panel, group, buffers.sums, sums, ROWS, last, sums, ahead);
                    }
                }
                k += maxDepth;
            } while (k < cols);
        }

        /** Some columns of a panel, for several tiles. */
        private Columns columns(int panel, int k, int depth, boolean few) {
            if (source != Source.INT8) return new Columns(source, bytes, null, offset(panel, k), null, k, depth);
            float[] scales = scales(panel, k, depth);
            if (few) return new Columns(source, bytes, null, offset(panel, k), scales, k, depth);
            Int8Panels.widen(bytes, offset(panel, k), depth, scales, buffers.widened());
            return new Columns(Source.WIDENED, bytes, buffers.widened(), 0, null, k, depth);
        }

        /**
         * Multiplies some columns of a panel with a group of tokens.
         *
         * @param in sums before
         * @param last whether these are the last columns, and the results go to out; else they go to the sums of the buffers
         */
        private void tile(Columns columns, int panel, int group, float[] in, int inOffset, int inStride, boolean last, int sums,
                Ahead ahead) {
            int first = x.groups().first(group);
            int tokens = x.groups().size(group);
            int xOffset = x.offset() + first * weight.cols() + columns.k * tokens;
            if (!last) {
                buffers.touched += columns.multiply(tokens, x.floats(), xOffset, in, inOffset, inStride, buffers.sums, sums, ROWS, ahead);
                return;
            }
            int width = Math.min(ROWS, out.cols() - panel * ROWS);
            int target = out.offset() + first * out.cols() + panel * ROWS;
            if (width == ROWS) {
                buffers.touched +=
                        columns.multiply(tokens, x.floats(), xOffset, in, inOffset, inStride, out.data(), target, out.cols(), ahead);
                return;
            }
            buffers.touched += columns.multiply(tokens, x.floats(), xOffset, in, inOffset, inStride, buffers.tile, 0, ROWS, ahead);
            for (int i = 0; i < tokens; i++) {
                System.arraycopy(buffers.tile, i * ROWS, out.data(), target + i * out.cols(), width);
            }
        }
    }

    /**
     * Some columns of a panel.
     *
     * @param widened the columns, if the source is this
     * @param offset of the first one in w, in bytes
     * @param scales of INT8, from the group of the first column on; else null
     * @param k the first column
     */
    private record Columns(Source source, MemorySegment w, float[] widened, long offset, float[] scales, int k, int depth) {
        /** Runs the register tiles: one with the widest vectors, several with narrower ones. Returns the sum of what they read ahead. */
        int multiply(
                int tokens, float[] x, int xOffset, float[] in, int inOffset, int inStride, float[] out, int outOffset, int outStride,
                Ahead ahead) {
            int touched = 0;
            for (int lane = 0; lane < PanelTiles.HALF; lane += Species.COUNT) {
                int before = inOffset + lane;
                int after = outOffset + lane;
                switch (source) {
                    case BF16 -> {
                        long from = offset + lane * 2L * Short.BYTES;
                        long far = ahead.step == 0 ? offset : ahead.offset;
                        touched += tokens <= 8
                                ? Bf16Tiles1To8.multiply(tokens, w, from, depth, x, xOffset, in, before, inStride, out, after, outStride,
                                        far, ahead.stream, ahead.step)
                                : Bf16Tiles9To12.multiply(tokens, w, from, depth, x, xOffset, in, before, inStride, out, after, outStride,
                                        far, ahead.stream, ahead.step);
                    }
                    case F32 -> {
                        long from = offset + lane * (long) Float.BYTES;
                        if (tokens <= 8) {
                            F32Tiles1To8.multiply(tokens, w, from, depth, x, xOffset, in, before, inStride, out, after, outStride);
                        } else {
                            F32Tiles9To12.multiply(tokens, w, from, depth, x, xOffset, in, before, inStride, out, after, outStride);
                        }
                    }
                    case INT8 -> {
                        long from = offset + lane;
                        long far = ahead.step == 0 ? offset : ahead.offset;
                        touched += Int8Panels.multiply(tokens, w, from, scales, lane, depth, x, xOffset, in, before, inStride, out, after,
                                outStride, far, ahead.stream, ahead.step);
                    }
                    case WIDENED -> touched += tokens <= 8
                            ? ArrayTiles1To8.multiply(tokens, widened, lane, depth, x, xOffset, in, before, inStride, out, after, outStride,
                                    0, 0, 0)
                            : ArrayTiles9To12.multiply(tokens, widened, lane, depth, x, xOffset, in, before, inStride, out, after,
                                    outStride,
                                    0, 0, 0);
                }
            }
            return touched;
        }
    }

    /**
     * Where a tile reads weights ahead ({@link PanelTiles}), in bytes.
     *
     * @param offset of the first stream
     * @param stream from one stream to the next
     * @param step in a stream
     */
    private record Ahead(long offset, long stream, int step) {
        private static final Ahead NONE = new Ahead(0, 0, 0);
    }
}
