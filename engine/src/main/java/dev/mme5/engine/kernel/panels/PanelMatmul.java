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
import dev.mme5.weights.WeightPanels;
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
    private static final int ROWS = WeightPanels.ROWS;
    private static final int MAX_TOKENS = PanelTiles.MAX_TOKENS;

    /** Columns at a time, for several tiles: their weights fit into a part of the first-level cache. */
    private static final int DEPTH = 256;

    /** Most panels in a task for many tokens: the more panels, the fewer times the tokens are read. */
    private static final int MAX_PANELS = 8;

    /** Most tokens at a time. With DEPTH columns of them and the sums, a task stays in the second-level cache. */
    private static final int BLOCK_TOKENS = 21 * 12;

    /** Floats of all tokens up to which they stay in the second-level cache by themselves, and a task takes panel after panel. */
    private static final int FEW_FLOATS = 1 << 18;

    private static final float[] ZEROS = new float[ROWS];

    private final WorkerPool pool;
    private final BufferPool<RetainedFloats> activationPool;
    private final BufferPool<Buffers> bufferPool;

    /** Working buffers of one task: a quarter of a megabyte. */
    private static final class Buffers {
        private final float[] sums = new float[MAX_PANELS * BLOCK_TOKENS * ROWS]; // [panels, tokens, ROWS]
        private final float[] tile = new float[MAX_TOKENS * ROWS];
    }

    /** @param activationPool retains turned activations */
    public PanelMatmul(WorkerPool pool, BufferPool<RetainedFloats> activationPool) {
        this.pool = pool;
        this.activationPool = activationPool;
        bufferPool = new BufferPool<>(2 * pool.threads(), Buffers::new);
    }

    /** out = x · weightᵀ, with x [tokens, in], weight [out, in], out [tokens, out]. */
    public void multiply(Matrix x, PanelTensor weight, Matrix out) {
        int max = PackingLimits.maxTokens(x.cols(), ROWS);
        int parts = Math.ceilDiv(x.rows(), max);
        int part = Math.ceilDiv(x.rows(), Math.max(1, parts));
        RetainedFloats buffer = activationPool.acquire();
        for (int from = 0; from < x.rows(); from += part) {
            int to = Math.min(x.rows(), from + part);
            TurnedTokens tokens = TurnedTokens.of(x.rows(from, to), buffer, pool);
            multiply(tokens, weight, out.rows(from, to));
        }
        activationPool.release(buffer);
    }

    /**
     * outs[i] = act(x · weightᵀ + bias) of projection i, all in one parallel region. Bias and activation follow in the task that has
     * computed the columns, while these are in the cache.
     *
     * @param projections their weights are in panels
     */
    public void project(Matrix x, List<Projection> projections, List<Matrix> outs) {
        int max = PackingLimits.maxTokens(x.cols(), ROWS);
        int parts = Math.ceilDiv(x.rows(), max);
        int part = Math.ceilDiv(x.rows(), Math.max(1, parts));
        RetainedFloats buffer = activationPool.acquire();
        for (int from = 0; from < x.rows(); from += part) {
            int to = Math.min(x.rows(), from + part);
            TurnedTokens tokens = TurnedTokens.of(x.rows(from, to), buffer, pool);
            int first = from;
            project(tokens, projections, outs.stream().map(out -> out.rows(first, to)).toList());
        }
        activationPool.release(buffer);
    }

    private void project(TurnedTokens x, List<Projection> projections, List<Matrix> outs) {
        int totalRows = outs.stream().mapToInt(Matrix::cols).sum();
        int rows = taskRows(totalRows, projections.getFirst().weight().cols(), outs.getFirst().rows());
        int[] firstTasks = new int[outs.size() + 1];
        for (int i = 0; i < outs.size(); i++) firstTasks[i + 1] = firstTasks[i] + Math.ceilDiv(outs.get(i).cols(), rows);
        pool.forEach(firstTasks[outs.size()], task -> {
            int i = 0;
            while (firstTasks[i + 1] <= task) i++;
            Projection projection = projections.get(i);
            Matrix out = outs.get(i);
            int from = (task - firstTasks[i]) * rows;
            int to = Math.min(out.cols(), from + rows);
            run(x, (PanelTensor) projection.weight(), out, from / ROWS, Math.ceilDiv(to, ROWS));
            finish(projection, out, from, to);
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

    private void multiply(TurnedTokens x, PanelTensor weight, Matrix out) {
        int rows = taskRows(out.cols(), weight.cols(), out.rows());
        pool.forEach(Math.ceilDiv(out.cols(), rows), task -> {
            int from = task * rows / ROWS;
            run(x, weight, out, from, Math.min(WeightPanels.count(out.cols()), from + rows / ROWS));
        });
    }

    /** Output rows in a task. */
    private int taskRows(int rows, int cols, int tokens) {
        boolean few = (long) tokens * cols <= FEW_FLOATS;
        return RowPartition.size(rows, ROWS, few ? ROWS : MAX_PANELS * ROWS, pool.threads());
    }

    private void run(TurnedTokens x, PanelTensor weight, Matrix out, int fromPanel, int toPanel) {
        Buffers buffers = bufferPool.acquire();
        Task run = new Task(x, weight, weight.array(), out, buffers);
        if (x.groups().groups() == 1) run.oneTile(fromPanel, toPanel);
        else run.manyTiles(fromPanel, toPanel);
        bufferPool.release(buffers);
    }

    /** The panels of one task. */
    private record Task(TurnedTokens x, PanelTensor weight, float[] array, Matrix out, Buffers buffers) {
        /** The same for weights in an array. */
        private void multiplyArray(
                int tokens, int offset, int depth, int xOffset, float[] in, int inOffset, int inStride, float[] result, int resultOffset,
                int resultStride) {
            for (int lane = 0; lane < PanelTiles.HALF; lane += Species.COUNT) {
                int before = inOffset + lane;
                int after = resultOffset + lane;
                if (tokens <= 8) {
                    ArrayTiles1To8.multiply(tokens, array, offset + lane, depth, x.floats(), xOffset, in, before, inStride, result, after,
                            resultStride);
                } else {
                    ArrayTiles9To12.multiply(tokens, array, offset + lane, depth, x.floats(), xOffset, in, before, inStride, result, after,
                            resultStride);
                }
            }
        }

        /** All columns at once. */
        void oneTile(int fromPanel, int toPanel) {
            for (int panel = fromPanel; panel < toPanel; panel++) {
                tile(panel, 0, 0, weight.cols(), ZEROS, 0, 0, true, 0);
            }
        }

        void manyTiles(int fromPanel, int toPanel) {
            int blockGroups = BLOCK_TOKENS / MAX_TOKENS;
            for (int group = 0; group < x.groups().groups(); group += blockGroups) {
                manyTiles(fromPanel, toPanel, group, Math.min(x.groups().groups(), group + blockGroups));
            }
        }

        private void manyTiles(int fromPanel, int toPanel, int fromGroup, int toGroup) {
            int cols = weight.cols();
            int firstToken = x.groups().first(fromGroup);
            int tokens = x.groups().first(toGroup) - firstToken;
            int k = 0;
            do { // once even for 0 columns, so that out is set to zero
                int depth = Math.min(DEPTH, cols - k);
                boolean last = k + depth == cols;
                for (int panel = fromPanel; panel < toPanel; panel++) {
                    for (int group = fromGroup; group < toGroup; group++) {
                        int sums = ((panel - fromPanel) * tokens + x.groups().first(group) - firstToken) * ROWS;
                        if (k == 0) tile(panel, group, k, depth, ZEROS, 0, 0, last, sums);
                        else tile(panel, group, k, depth, buffers.sums, sums, ROWS, last, sums);
                    }
                }
                k += DEPTH;
            } while (k < cols);
        }

        /**
         * Multiplies some columns of a panel with a group of tokens.
         *
         * @param in sums before
         * @param last whether these are the last columns, and the results go to out; else they go to the sums of the buffers
         */
        private void tile(int panel, int group, int k, int depth, float[] in, int inOffset, int inStride, boolean last, int sums) {
            int first = x.groups().first(group);
            int tokens = x.groups().size(group);
            int xOffset = x.offset() + first * weight.cols() + k * tokens;
            if (!last) {
                multiply(tokens, panel, k, depth, xOffset, in, inOffset, inStride, buffers.sums, sums, ROWS);
                return;
            }
            int width = Math.min(ROWS, out.cols() - panel * ROWS);
            int target = out.offset() + first * out.cols() + panel * ROWS;
            if (width == ROWS) {
                multiply(tokens, panel, k, depth, xOffset, in, inOffset, inStride, out.data(), target, out.cols());
                return;
            }
            multiply(tokens, panel, k, depth, xOffset, in, inOffset, inStride, buffers.tile, 0, ROWS);
            for (int i = 0; i < tokens; i++) {
                System.arraycopy(buffers.tile, i * ROWS, out.data(), target + i * out.cols(), width);
            }
        }

        /** Runs the register tiles of a panel: one with the widest vectors, several with narrower ones. */
        private void multiply(
                int tokens, int panel, int k, int depth, int xOffset, float[] in, int inOffset, int inStride, float[] result,
                int resultOffset, int resultStride) {
            if (array != null) {
                multiplyArray(tokens, (panel * weight.cols() + k) * ROWS, depth, xOffset, in, inOffset, inStride, result, resultOffset,
                        resultStride);
                return;
            }
            MemorySegment w = weight.panels().bytes();
            boolean halves = weight.dtype() == DType.BF16;
            long column = (long) panel * weight.cols() + k;
            for (int lane = 0; lane < PanelTiles.HALF; lane += Species.COUNT) {
                int before = inOffset + lane;
                int after = resultOffset + lane;
                if (halves) {
                    long offset = column * ROWS * Short.BYTES + lane * 2L * Short.BYTES;
                    if (tokens <= 8) {
                        Bf16Tiles1To8.multiply(tokens, w, offset, depth, x.floats(), xOffset, in, before, inStride, result, after, resultStride);
                    } else {
                        Bf16Tiles9To12.multiply(tokens, w, offset, depth, x.floats(), xOffset, in, before, inStride, result, after,
                                resultStride);
                    }
                } else {
                    long offset = (column * ROWS + lane) * Float.BYTES;
                    if (tokens <= 8) {
                        F32Tiles1To8.multiply(tokens, w, offset, depth, x.floats(), xOffset, in, before, inStride, result, after, resultStride);
                    } else {
                        F32Tiles9To12.multiply(tokens, w, offset, depth, x.floats(), xOffset, in, before, inStride, result, after,
                                resultStride);
                    }
                }
            }
        }
    }
}
