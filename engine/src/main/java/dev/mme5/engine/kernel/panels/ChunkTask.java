package dev.mme5.engine.kernel.panels;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.api.Projection;
import dev.mme5.engine.kernel.gemm.ChunkLimits;
import dev.mme5.engine.kernel.panels.near.NearTiles;
import dev.mme5.engine.kernel.panels.tiles.AheadChunkTiles;
import dev.mme5.engine.kernel.panels.tiles.PanelTiles;
import dev.mme5.engine.kernel.pool.RetainedFloats;
import dev.mme5.engine.kernel.rows.VectorRows;
import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.PanelTensor;
import java.util.Arrays;

/**
 * Products of some tokens with panels of float32 in arrays, on one thread.
 *
 * <p>What is multiplied next is read ahead: in one go before each tile, or by the tiles, where there are 16 registers. Vectors are half as
 * long there, so that a panel takes four times as many tiles, and one read for two columns is enough.
 */
record ChunkTask(TokenGroups tokens, ChunkMatmul.Buffers buffers) {
    private static final int ROWS = PanelTensor.ROWS;

    /** Columns at a time: 24 KB of a panel, so that they stay in the first-level cache for all groups of tokens. */
    private static final int DEPTH = TokenBlocks.DEPTH;

    /** Whether tiles read ahead. */
    private static final boolean TILES_READ = Species.FEW_REGISTERS;

    /** Columns at a time where tiles read ahead: 12 KB of a panel. */
    private static final int READING_DEPTH = DEPTH / 2;

    /**
     * Groups of tokens from which tiles read ahead. With fewer, the processor's prefetcher keeps up. With as many, no group has fewer
     * tokens than {@code AheadChunkTiles} take.
     */
    private static final int MIN_READING_GROUPS = 3;

    /** Floats in a cache line. */
    private static final int LINE = 16;

    private static final Rows ZERO_ROWS = new Rows(new float[ROWS], 0, 0);

    /**
     * A projection as the tiles read it.
     *
     * @param floats [panels, cols, ROWS], from {@code first} on
     * @param bias [panels, ROWS]
     */
    record Panels(float[] floats, int first, int cols, int count, float[] bias, boolean gelu) {
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
    record Rows(float[] floats, int offset, int stride) {
        /** The panel that begins with column {@code col}. */
        static Rows of(TokenBlocks blocks, int col) {
            return new Rows(blocks.floats(), blocks.offset(col / DEPTH) + col % DEPTH, DEPTH);
        }
    }

    /** Weights that are read next, from {@code offset} on; none if there are none. */
    record Next(Panels panels, int offset) {}

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
                Rows rows = Rows.of(between, panel * ROWS - from);
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
    void multiply(TokenBlocks x, Panels w, int panel, int col, Rows sums, Matrix out, Next next) {
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
    void multiply(TokenBlocks x, Panels w, int panel, int col, Rows sums, Rows out, Next next) {
        if (TILES_READ) {
            multiplyReading(x, w, panel, col, sums, out, next);
            return;
        }
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
        if (end && w.gelu) gelu(tokens, out.floats, out.offset, out.stride);
    }

    private static void gelu(int tokens, float[] floats, int offset, int stride) {
        if (stride == ROWS) VectorRows.gelu(floats, offset, tokens * ROWS);
        else for (int t = 0; t < tokens; t++) VectorRows.gelu(floats, offset + t * stride, ROWS);
    }

    /**
     * The same with tiles that each read a part of what follows. If nothing does, they read their own weights: tiles that do not read
     * ahead would be used so seldom that they would not be compiled for long.
     */
    private void multiplyReading(TokenBlocks x, Panels w, int panel, int col, Rows sums, Rows out, Next next) {
        int k = 0;
        do { // once even for 0 columns
            int depth = Math.min(tokens.groups() < MIN_READING_GROUPS ? DEPTH : READING_DEPTH, x.cols() - k);
            boolean last = k + depth == x.cols();
            boolean end = col + k + depth == w.cols;
            int weights = w.offset(panel, col + k);
            int ahead = weights + depth * ROWS;
            if (last) ahead = next == null || next.panels.floats != w.floats ? weights : next.offset;
            if (ahead + depth * ROWS > w.floats.length) ahead = weights;
            readingTiles(w, weights, end ? panel * ROWS : -1, depth, x.floats(), x.offset(k / DEPTH) + k % DEPTH,
                    col + k == 0 ? ZERO_ROWS : sums, end ? out : sums, ahead);
            k += depth;
        } while (k < x.cols());
    }

    /** @param row of the bias if these are the last columns, or -1 */
    private void readingTiles(Panels w, int weights, int row, int depth, float[] x, int xOffset, Rows in, Rows out, int ahead) {
        float[] bias = row < 0 ? PanelOutput.NO_BIAS : w.bias;
        int groups = tokens.groups();
        int tiles = groups * PanelTiles.HALF / Species.COUNT;
        int step = Math.ceilDiv(PanelTiles.CHUNK_COLUMNS * ROWS, tiles);
        int lastFirst = ahead + depth * ROWS - depth / PanelTiles.CHUNK_COLUMNS * step;
        int tile = 0;
        for (int group = 0; group < groups; group++) {
            int token = tokens.first(group);
            int size = tokens.size(group);
            int inOffset = in.offset + token * in.stride;
            int outOffset = out.offset + token * out.stride;
            for (int lane = 0; lane < PanelTiles.HALF; lane += Species.COUNT) {
                int biasOffset = Math.max(0, row) + lane;
                if (groups < MIN_READING_GROUPS) {
                    NearTiles.chunk(size, w.floats, weights + lane, depth, x, xOffset + token * DEPTH,
                            in.floats, inOffset + lane, in.stride, bias, biasOffset, out.floats, outOffset + lane, out.stride);
                } else {
                    int first = Math.min(ahead + depth * ROWS * tile++ / tiles, lastFirst);
                    buffers.touched += AheadChunkTiles.multiply(size, w.floats, weights + lane, depth, x, xOffset + token * DEPTH,
                            in.floats, inOffset + lane, in.stride, bias, biasOffset, out.floats, outOffset + lane, out.stride, first, step);
                }
            }
            if (row >= 0 && w.gelu) gelu(size, out.floats, outOffset, out.stride);
        }
    }
}
