package dev.mme5.engine.kernel.panels;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.api.Projection;
import dev.mme5.engine.kernel.gemm.ChunkLimits;
import dev.mme5.engine.kernel.panels.near.NearTiles;
import dev.mme5.engine.kernel.panels.tiles.PanelTiles;
import dev.mme5.engine.kernel.pool.BufferPool;
import dev.mme5.engine.kernel.pool.RetainedFloats;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.engine.kernel.rows.VectorRows;
import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.PanelTensor;
import java.util.Arrays;
import java.util.List;

/**
 * Products of many tokens with panels of float32 in arrays. A task takes some tokens, so few that their activations stay in the
 * second-level cache, and multiplies them with all panels. What is read from further away are the weights, in one stream; before each
 * tile, a share of those that come next is read ahead ({@link PanelTiles} says why). Both products of an MLP are one task, for some
 * columns of what is between them at a time, which never leaves the cache.
 */
final class ChunkMatmul {
    private static final int ROWS = PanelTensor.ROWS;

    /** Columns at a time: 24 KB of a panel, so that they stay in the first-level cache for all groups of tokens. */
    private static final int DEPTH = TokenBlocks.DEPTH;

    /** Tokens for each thread from which a task takes tokens and all weights, instead of some weights and all tokens. */
    private static final int MIN_TOKENS = 48;

    /** Floats in a cache line. */
    private static final int LINE = 16;

    private static final Rows ZERO_ROWS = new Rows(new float[ROWS], 0, 0);

    private final WorkerPool pool;
    private final BufferPool<Buffers> bufferPool;

    /** Of one task; {@link ChunkLimits} counts them. */
    static final class Buffers {
        final RetainedFloats in = new RetainedFloats();
        final RetainedFloats between = new RetainedFloats();
        final RetainedFloats sums = new RetainedFloats(); // [panels, tokens, ROWS]

        /** Of no meaning; see {@link PanelTiles}. */
        private int touched;
    }

    ChunkMatmul(WorkerPool pool, BufferPool<Buffers> bufferPool) {
        this.pool = pool;
        this.bufferPool = bufferPool;
    }

    /** Whether there are enough tokens, and columns that the tiles can take. */
    boolean accepts(int tokens, int cols) {
        return tokens >= MIN_TOKENS * pool.threads() && cols % PanelTiles.CHUNK_COLUMNS == 0;
    }

    /** outs[i] = act(x · weightᵀ + bias) of projection i. */
    void project(Matrix x, List<Projection> projections, List<Matrix> outs) {
        Panels[] panels = projections.stream().map(Panels::of).toArray(Panels[]::new);
        forEachChunk(x.rows(), ChunkLimits.maxTokens(x.cols()), (from, to) -> {
            Buffers buffers = bufferPool.acquire();
            Task task = new Task(TokenGroups.of(to - from), buffers);
            TokenBlocks in = task.blocks(x.cols(), buffers.in);
            in.load(x.rows(from, to));
            for (int i = 0; i < outs.size(); i++) {
                task.project(in, panels[i], outs.get(i).rows(from, to), i + 1 < outs.size() ? panels[i + 1] : null);
            }
            bufferPool.release(buffers);
        });
    }

    /** out = projection down of projection up of x; out may be x. */
    void mlp(Matrix x, Projection up, Projection down, Matrix out) {
        Panels first = Panels.of(up);
        Panels second = Panels.of(down);
        forEachChunk(x.rows(), ChunkLimits.maxMlpTokens(x.cols(), out.cols()), (from, to) -> {
            Buffers buffers = bufferPool.acquire();
            Task task = new Task(TokenGroups.of(to - from), buffers);
            TokenBlocks in = task.blocks(x.cols(), buffers.in);
            in.load(x.rows(from, to));
            task.mlp(in, first, second, out.rows(from, to));
            bufferPool.release(buffers);
        });
    }

    /** The same number of chunks for each thread, equal but for one token. */
    private void forEachChunk(int tokens, int maxTokens, WorkerPool.RangeTask task) {
        int threads = pool.threads();
        int chunks = Math.ceilDiv(Math.ceilDiv(tokens, maxTokens), threads) * threads;
        pool.forEach(chunks, i -> task.run((int) ((long) tokens * i / chunks), (int) ((long) tokens * (i + 1) / chunks)));
    }

    /**
     * A projection as the tiles read it.
     *
     * @param floats [panels, cols, ROWS], from {@code first} on
     * @param bias [panels, ROWS]
     */
    private record Panels(float[] floats, int first, int cols, int count, float[] bias, boolean gelu) {
        static Panels of(Projection projection) {
            PanelTensor tensor = (PanelTensor) projection.weight();
            int count = PanelTensor.count(tensor.rows());
            float[] bias = projection.bias();
            if (bias == null || bias.length < count * ROWS) {
                bias = new float[count * ROWS];
                Arrays.fill(bias, -0f);
                if (projection.bias() != null) System.arraycopy(projection.bias(), 0, bias, 0, projection.bias().length);
            }
            return new Panels(tensor.array(), tensor.arrayOffset(), tensor.cols(), count, bias, projection.gelu());
        }

        int offset(int panel, int col) {
            return first + (panel * cols + col) * ROWS;
        }
    }

    /** A panel of results, [tokens, stride]. */
    private record Rows(float[] floats, int offset, int stride) {}

    /** Weights that are read next, from {@code offset} on; none if there are none. */
    private record Next(Panels panels, int offset) {}

    /** The products of a chunk. */
    private record Task(TokenGroups tokens, Buffers buffers) {
        TokenBlocks blocks(int cols, RetainedFloats floats) {
            return new TokenBlocks(tokens.tokens(), cols, floats.atLeast(TokenBlocks.size(tokens.tokens(), cols)));
        }

        /** @param next what is multiplied after this, or null */
        void project(TokenBlocks x, Panels w, Matrix out, Panels next) {
            Rows sums = new Rows(buffers.sums.atLeast(tokens.tokens() * ROWS), 0, ROWS);
            for (int panel = 0; panel < w.count; panel++) {
                boolean last = panel + 1 == w.count;
                Next then = last ? next == null ? null : new Next(next, next.first) : new Next(w, w.offset(panel + 1, 0));
                multiply(x, w, panel, 0, sums, out, then);
            }
        }

        void mlp(TokenBlocks x, Panels up, Panels down, Matrix out) {
            int count = tokens.tokens();
            float[] sums = buffers.sums.atLeast(down.count * count * ROWS);
            int from = 0;
            do { // once even for 0 columns, so that out is set
                int to = Math.min(down.cols, from + ChunkLimits.MLP_COLUMNS);
                TokenBlocks between = blocks(to - from, buffers.between);
                for (int panel = from / ROWS; panel * ROWS < to; panel++) {
                    boolean last = (panel + 1) * ROWS >= to;
                    int row = panel * ROWS - from;
                    Rows rows = new Rows(between.floats(), between.offset(row / DEPTH) + row % DEPTH, DEPTH);
                    Next next = last ? new Next(down, down.offset(0, from)) : new Next(up, up.offset(panel + 1, 0));
                    multiply(x, up, panel, 0, rows, rows, next);
                }
                for (int panel = 0; panel < down.count; panel++) {
                    Rows rows = new Rows(sums, panel * count * ROWS, ROWS);
                    boolean last = panel + 1 == down.count;
                    Next after = to == down.cols ? null : new Next(up, up.offset(to / ROWS, 0));
                    Next next = last ? after : new Next(down, down.offset(panel + 1, from));
                    if (to < down.cols) multiply(between, down, panel, from, rows, rows, next);
                    else multiply(between, down, panel, from, rows, out, next);
                }
                from = to;
            } while (from < down.cols);
        }

        /** Brings the last columns of a panel to out, by way of the sums if out has only some rows of the panel. */
        private void multiply(TokenBlocks x, Panels w, int panel, int col, Rows sums, Matrix out, Next next) {
            int row = panel * ROWS;
            int width = Math.min(ROWS, out.cols() - row);
            Rows rows = new Rows(out.data(), out.offset() + row, out.cols());
            multiply(x, w, panel, col, sums, width == ROWS ? rows : sums, next);
            if (width == ROWS) return;
            for (int t = 0; t < tokens.tokens(); t++) {
                System.arraycopy(sums.floats, sums.offset + t * ROWS, rows.floats, rows.offset + t * rows.stride, width);
            }
        }

        /**
         * Multiplies all tokens with the columns of a panel from {@code col} on, as many as x has.
         *
         * @param sums of the columns before, if there are any, and after each block of columns
         * @param out receives the last sums with bias and activation, if no columns follow; may be sums
         * @param next what is multiplied after this, or null
         */
        private void multiply(TokenBlocks x, Panels w, int panel, int col, Rows sums, Rows out, Next next) {
            int k = 0;
            do { // once even for 0 columns
                int depth = Math.min(DEPTH, x.cols() - k);
                boolean last = k + depth == x.cols();
                boolean end = col + k + depth == w.cols;
                Next after = last ? next : new Next(w, w.offset(panel, col + k + depth));
                int length = after == null ? 0 : Math.min(DEPTH * ROWS, after.panels.floats.length - after.offset);
                int groups = tokens.groups();
                for (int group = 0; group < groups; group++) {
                    if (length > 0) touch(after, length * group / groups, length * (group + 1) / groups);
                    int token = tokens.first(group);
                    Rows in = col + k == 0 ? ZERO_ROWS : at(sums, token);
                    tiles(tokens.size(group), w, panel, col + k, depth, x.floats(), x.offset(k / DEPTH) + token * DEPTH, in,
                            at(end ? out : sums, token), end);
                }
                k += depth;
            } while (k < x.cols());
        }

        private static Rows at(Rows rows, int token) {
            return new Rows(rows.floats, rows.offset + token * rows.stride, rows.stride);
        }

        /** Reads weights of the following tiles: all cache lines at once, which wait for each other in no way. */
        private void touch(Next next, int from, int to) {
            float[] w = next.panels.floats;
            int sum = 0;
            for (int i = next.offset + from; i < next.offset + to; i += LINE) sum += Float.floatToRawIntBits(w[i]);
            buffers.touched += sum;
        }

        private static void tiles(
                int tokens, Panels w, int panel, int col, int depth, float[] x, int xOffset, Rows in, Rows out, boolean end) {
            float[] bias = end ? w.bias : PanelOutput.NO_BIAS;
            int biasOffset = end ? panel * ROWS : 0;
            int weights = w.offset(panel, col);
            for (int lane = 0; lane < PanelTiles.HALF; lane += Species.COUNT) {
                NearTiles.chunk(tokens, w.floats, weights + lane, depth, x, xOffset, in.floats, in.offset + lane, in.stride,
                        bias, biasOffset + lane, out.floats, out.offset + lane, out.stride);
            }
            if (!end || !w.gelu) return;
            if (out.stride == ROWS) VectorRows.gelu(out.floats, out.offset, tokens * ROWS);
            else for (int t = 0; t < tokens; t++) VectorRows.gelu(out.floats, out.offset + t * out.stride, ROWS);
        }
    }
}
