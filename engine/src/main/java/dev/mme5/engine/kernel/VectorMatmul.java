package dev.mme5.engine.kernel;

import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.QuantizedTensor;
import dev.mme5.weights.WeightMatrix;

/**
 * out = x · weightᵀ for any number of tokens. Lanes run over output rows, never over k, so every output is one chain of fused
 * multiply-adds from +0 over k = 0, 1, 2, ...: the same bits whatever the tiles, the threads and the width of a vector.
 *
 * <p>A task is a block of weight rows for a run of tokens. It takes k in blocks of {@code DEPTH}: turns the block of weights
 * into panels once, then multiplies a few tokens at a time with each panel. Sums wait in {@code out} from one block to the next.
 */
final class VectorMatmul {
    private static final int DEPTH = TileKernel.DEPTH;
    private static final int PANEL = TileKernel.PANEL;

    /** Weight rows in a task: many, so that x is read seldom; fewer for few tokens, where long runs of the rows matter more. */
    private static final int MAX_BLOCK_ROWS = 192;

    private static final int FEW_TOKENS = 48;
    private static final int FEW_TOKENS_ROWS = 96;

    /** Floats of turned weights in a task, a part of a core's second-level cache. */
    private static final int PANEL_BUFFER = 96 * 1024;

    private static final int MAX_TOKENS = 768;
    private static final int TASKS_PER_THREAD = 4;
    private static final float[] ZEROS = new float[PANEL];

    private final WorkerPool pool;
    private final Spares<Buffers> spares;

    /** What one task needs: less than a core's second-level cache. */
    private static final class Buffers {
        private final WeightPanels filler = new WeightPanels();
        private final Int8Panels int8 = new Int8Panels();
        private final float[] panels = new float[PANEL_BUFFER];
        private final float[] tokens = new float[TileKernel.ROWS * (DEPTH + PANEL)];
    }

    VectorMatmul(WorkerPool pool) {
        this.pool = pool;
        spares = new Spares<>(2 * pool.threads(), Buffers::new);
    }

    void multiply(Matrix x, WeightMatrix weight, Matrix out) {
        int evenShare = Math.ceilDiv(out.cols(), TASKS_PER_THREAD * pool.threads());
        int mostRows = x.rows() <= FEW_TOKENS ? FEW_TOKENS_ROWS : MAX_BLOCK_ROWS;
        int blockRows = Math.clamp(Math.ceilDiv(evenShare, PANEL) * PANEL, PANEL, mostRows);
        int rowBlocks = Math.ceilDiv(out.cols(), blockRows);
        int tokenBlocks = Math.ceilDiv(x.rows(), MAX_TOKENS);
        int blockTokens = Math.ceilDiv(x.rows(), Math.max(1, tokenBlocks));
        pool.forEach(rowBlocks * tokenBlocks, task -> {
            int fromRow = task / tokenBlocks * blockRows;
            int fromToken = task % tokenBlocks * blockTokens;
            int tokens = Math.min(blockTokens, x.rows() - fromToken);
            if (tokens > 0) {
                if (x.rows() == 1) {
                    int to = Math.min(out.cols(), fromRow + blockRows);
                    one(x, weight, fromRow, to, out);
                    return;
                }
                Matrix from = x.rows(fromToken, fromToken + tokens);
                Matrix to = out.rows(fromToken, fromToken + tokens);
                block(from, weight, fromRow, Math.min(out.cols(), fromRow + blockRows), to);
            }
        });
    }

    /** Columns fromRow to toRow of out, for a single token. */
    private static void one(Matrix x, WeightMatrix weight, int fromRow, int toRow, Matrix out) {
        switch (weight) {
            case MappedTensor floats ->
                    VectorMatvec.multiply(x.data(), x.offset(), floats, fromRow, toRow, out.data(), out.offset() + fromRow);
            case QuantizedTensor bytes ->
                    Int8Matvec.multiply(x.data(), x.offset(), bytes, fromRow, toRow, out.data(), out.offset() + fromRow);
        }
    }

    /** Columns fromRow to toRow of out. */
    private void block(Matrix x, WeightMatrix weight, int fromRow, int toRow, Matrix out) {
        Buffers buffers = spares.take();
        float[] panels = buffers.panels;
        float[] tokens = buffers.tokens;
        int panelDepth = PANEL_BUFFER / (Math.ceilDiv(toRow - fromRow, PANEL) * PANEL) / DEPTH * DEPTH;
        int filled = 0;
        do { // once even when there is no k at all: the sums are then zero
            int depth = Math.min(panelDepth, x.cols() - filled);
            switch (weight) {
                case MappedTensor floats -> buffers.filler.fill(floats, fromRow, toRow, filled, depth, panels);
                case QuantizedTensor bytes -> buffers.int8.fill(bytes, fromRow, toRow, filled, depth, panels);
            }
            int k = 0;
            do {
                block(x, filled + k, Math.min(DEPTH, depth - k), panels, k, depth, tokens, fromRow, toRow, out);
                k += DEPTH;
            } while (k < depth);
            filled += depth;
        } while (filled < x.cols());
        spares.giveBack(buffers);
    }

    /** Columns k to k + depth of x with the panels, which begin with column k - panelK and are panelDepth deep. */
    private static void block(
            Matrix x, int k, int depth, float[] panels, int panelK, int panelDepth, float[] tokens, int fromRow, int toRow, Matrix out) {
        for (int token = 0; token < x.rows(); token += TileKernel.ROWS) {
            int rows = Math.min(TileKernel.ROWS, x.rows() - token);
            for (int i = 0; i < rows; i++) {
                System.arraycopy(x.data(), x.offset() + (token + i) * x.cols() + k, tokens, i * DEPTH, depth);
            }
            for (int row = fromRow; row < toRow; row += PANEL) {
                int panel = (row - fromRow) * panelDepth + panelK * PANEL;
                int at = out.offset() + token * out.cols() + row;
                int width = Math.min(PANEL, toRow - row);
                if (width < PANEL) {
                    edge(tokens, rows, panels, panel, depth, k == 0, out, at, width);
                } else if (k == 0) {
                    TileKernel.multiply(tokens, 0, rows, panels, panel, depth, ZEROS, 0, 0, out.data(), at, out.cols());
                } else {
                    TileKernel.multiply(tokens, 0, rows, panels, panel, depth, out.data(), at, out.cols(), out.data(), at, out.cols());
                }
            }
        }
    }

    /** The last panel when it is not full: the tile is computed aside, and as much of it as exists is copied. */
    private static void edge(float[] tokens, int rows, float[] panels, int panel, int depth, boolean first, Matrix out, int at, int width) {
        int tile = TileKernel.ROWS * DEPTH; // behind the tokens
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < PANEL; j++) tokens[tile + i * PANEL + j] = first || j >= width ? 0 : out.data()[at + i * out.cols() + j];
        }
        TileKernel.multiply(tokens, 0, rows, panels, panel, depth, tokens, tile, PANEL, tokens, tile, PANEL);
        for (int i = 0; i < rows; i++) {
            System.arraycopy(tokens, tile + i * PANEL, out.data(), at + i * out.cols(), width);
        }
    }
}
