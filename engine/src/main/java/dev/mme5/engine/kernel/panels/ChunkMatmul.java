package dev.mme5.engine.kernel.panels;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.api.Projection;
import dev.mme5.engine.kernel.gemm.ChunkLimits;
import dev.mme5.engine.kernel.panels.near.NearTiles;
import dev.mme5.engine.kernel.panels.tiles.PanelTiles;
import dev.mme5.engine.kernel.pool.BufferPool;
import dev.mme5.engine.kernel.pool.RetainedFloats;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.engine.kernel.simd.BlockTranspose;
import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.PanelTensor;
import java.util.List;

/**
 * Products of many tokens with panels of float32 in arrays. A task takes some tokens, so few that their activations stay in the
 * second-level cache, turns them, and multiplies them with all panels. What is read from further away are the weights, in one stream;
 * before each tile, a share of those that come next is read ahead ({@link PanelTiles} says why). Both products of an MLP are one task:
 * what is between them never leaves the cache.
 */
final class ChunkMatmul {
    private static final int ROWS = PanelTensor.ROWS;

    /** Columns at a time: 24 KB of a panel, so that they stay in the first-level cache for all groups of tokens. */
    private static final int DEPTH = 192;

    /** Tokens for each thread from which a task takes tokens and all weights, instead of some weights and all tokens. */
    private static final int MIN_TOKENS = 48;

    /** Floats in a cache line. */
    private static final int LINE = 16;

    private static final float[] ZEROS = new float[ROWS];

    private final WorkerPool pool;
    private final BufferPool<Buffers> bufferPool;

    /** Of one task; {@link ChunkLimits} counts them. */
    static final class Buffers {
        final RetainedFloats in = new RetainedFloats();
        final RetainedFloats between = new RetainedFloats();
        final float[] sums = new float[(ChunkLimits.MAX_CHUNK_TOKENS + BlockTranspose.BLOCK_SIDE) * ROWS]; // [tokens, ROWS]
        final int[] block = new int[2 * BlockTranspose.BLOCK_SIDE * BlockTranspose.BLOCK_SIDE];

        /** Of no meaning; see {@link PanelTiles}. */
        private int touched;
    }

    ChunkMatmul(WorkerPool pool, BufferPool<Buffers> bufferPool) {
        this.pool = pool;
        this.bufferPool = bufferPool;
    }

    /** Whether there are enough tokens. */
    boolean accepts(int tokens) {
        return tokens >= MIN_TOKENS * pool.threads();
    }

    /** outs[i] = act(x · weightᵀ + bias) of projection i. */
    void project(Matrix x, List<Projection> projections, List<Matrix> outs) {
        forEachChunk(x.rows(), x.cols(), (from, to) -> {
            Buffers buffers = bufferPool.acquire();
            TurnedChunk in = turned(to - from, x.cols(), buffers.in, buffers);
            in.load(x.rows(from, to));
            for (int i = 0; i < outs.size(); i++) {
                new Task(in, projections.get(i), buffers, outs.get(i).rows(from, to), null).run();
            }
            bufferPool.release(buffers);
        });
    }

    /** out = projection down of projection up of x; out may be x. */
    void mlp(Matrix x, Projection up, Projection down, Matrix out) {
        int width = down.weight().cols();
        forEachChunk(x.rows(), x.cols() + width, (from, to) -> {
            Buffers buffers = bufferPool.acquire();
            TurnedChunk in = turned(to - from, x.cols(), buffers.in, buffers);
            TurnedChunk between = turned(to - from, width, buffers.between, buffers);
            in.load(x.rows(from, to));
            new Task(in, up, buffers, null, between).run();
            new Task(between, down, buffers, out.rows(from, to), null).run();
            bufferPool.release(buffers);
        });
    }

    private static TurnedChunk turned(int tokens, int cols, RetainedFloats floats, Buffers buffers) {
        return new TurnedChunk(TokenGroups.of(tokens), cols, floats.atLeast(TurnedChunk.size(tokens, cols)), buffers.block);
    }

    /** The same number of chunks for each thread, equal but for one token. */
    private void forEachChunk(int tokens, int cols, WorkerPool.RangeTask task) {
        int threads = pool.threads();
        int chunks = Math.ceilDiv(Math.ceilDiv(tokens, ChunkLimits.maxTokens(cols)), threads) * threads;
        pool.forEach(chunks, i -> task.run((int) ((long) tokens * i / chunks), (int) ((long) tokens * (i + 1) / chunks)));
    }

    /**
     * One product of a chunk.
     *
     * @param out rows for the results, or null
     * @param turnedOut turned tokens for the results, or null
     */
    private record Task(TurnedChunk x, Projection projection, Buffers buffers, Matrix out, TurnedChunk turnedOut) {
        void run() {
            int cols = projection.weight().cols();
            int panels = PanelTensor.count(projection.weight().rows());
            int depth = Math.ceilDiv(cols, Math.max(1, Math.ceilDiv(cols, DEPTH)));
            for (int panel = 0; panel < panels; panel++) {
                int k = 0;
                do { // once even for 0 columns, so that out is set
                    columns(panel, k, Math.min(depth, cols - k), cols, panels);
                    k += depth;
                } while (k < cols);
            }
        }

        /** Multiplies some columns of a panel with all tokens. */
        private void columns(int panel, int k, int depth, int cols, int panels) {
            float[] w = ((PanelTensor) projection.weight()).array();
            boolean last = k + depth == cols;
            int next = ((last ? panel + 1 : panel) * cols + (last ? 0 : k + depth)) * ROWS; // columns that follow, if any do
            int count = x.groups().groups();
            int length = Math.min(depth * ROWS, panels * cols * ROWS - next);
            for (int group = 0; group < count; group++) {
                int token = x.groups().first(group);
                int tokens = x.groups().size(group);
                touch(w, next + length * group / count, next + length * (group + 1) / count);
                for (int lane = 0; lane < PanelTiles.HALF; lane += Species.COUNT) {
                    tile(w, (panel * cols + k) * ROWS + lane, depth, k == 0, tokens, x.offset(group) + k * tokens, token * ROWS + lane);
                }
                if (last) finish(panel, group, token, tokens);
            }
        }

        /** Reads weights of the following tiles: all cache lines at once, which wait for each other in no way. */
        private void touch(float[] w, int from, int to) {
            int sum = 0;
            for (int i = from; i < to; i += LINE) sum += Float.floatToRawIntBits(w[i]);
            buffers.touched += sum;
        }

        private void tile(float[] w, int weights, int depth, boolean first, int tokens, int offset, int sums) {
            float[] in = first ? ZEROS : buffers.sums;
            int inOffset = first ? 0 : sums;
            int inStride = first ? 0 : ROWS;
            NearTiles.array(tokens, w, weights, depth, x.floats(), offset, in, inOffset, inStride, buffers.sums, sums, ROWS);
        }

        private void finish(int panel, int group, int token, int tokens) {
            if (out != null) {
                PanelOutput.write(buffers.sums, token * ROWS, tokens, projection, panel, out, token);
            } else {
                int row = panel * ROWS;
                PanelOutput.activate(buffers.sums, token * ROWS, tokens, projection, row, Math.min(ROWS, turnedOut.cols() - row));
                turnedOut.put(buffers.sums, token * ROWS, group, row);
            }
        }
    }
}
