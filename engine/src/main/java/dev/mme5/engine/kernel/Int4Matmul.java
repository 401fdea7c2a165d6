package dev.mme5.engine.kernel;

import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.mme5.weights.QuantizedTensor;
import java.util.Arrays;
import jdk.incubator.vector.IntVector;

/**
 * out = x · weightᵀ of four-bit weights. Activations become integers of 8 bits first, so that all sums within a block of 32 are
 * exact; blocks follow each other in one chain of fused multiply-adds from +0. So every output has the same bits whatever the
 * tiles, the threads and the width of a vector.
 *
 * <p>A task is a block of weight rows for a run of tokens. It unpacks some columns of its weights at a time, then multiplies a few
 * tokens at a time with them. Sums wait in {@code out}.
 */
final class Int4Matmul {
    private static final int DEPTH = Int4Tile.DEPTH;
    private static final int PANEL = Int4Tile.PANEL;
    private static final int TOKENS = Int4Tile.TOKENS;
    private static final int BLOCK = ActivationCodes.BLOCK;
    private static final int BLOCK_INTS = ActivationCodes.BLOCK_INTS;
    private static final int DEPTH_BLOCKS = DEPTH / BLOCK;

    /** Weight rows in a task, unpacked to a part of a core's second-level cache. */
    private static final int MAX_BLOCK_ROWS = 512;

    /** Activations that are encoded at a time: bounds the memory that a long text takes. */
    private static final int MAX_ACTIVATIONS = 4 << 20;

    private static final int MAX_TOKENS = 516;

    private final WorkerPool pool;
    private final Spares<Buffers> spares;

    /** What one task needs. */
    private static final class Buffers {
        private final Int4Panels filler = new Int4Panels();
        private final short[] panels = new short[MAX_BLOCK_ROWS * DEPTH];
        private final float[] scales = new float[MAX_BLOCK_ROWS * DEPTH_BLOCKS];
        private final int[] tokens = new int[TOKENS * DEPTH];
        private final short[] sums = new short[TOKENS * PANEL];
        private final float[] tile = new float[TOKENS * PANEL];
    }

    /** Some tokens' activations, [tokens, blocks of x], and their scales. */
    private record Encoded(int[] codes, float[] scales, int blocks) {}

    Int4Matmul(WorkerPool pool) {
        this.pool = pool;
        spares = new Spares<>(2 * pool.threads(), Buffers::new);
    }

    void multiply(Matrix x, QuantizedTensor weight, Matrix out) {
        int blocks = Math.ceilDiv(x.cols(), BLOCK);
        int fitting = MAX_ACTIVATIONS / Math.max(1, x.cols()) / TOKENS * TOKENS;
        int most = Math.clamp(fitting, TOKENS, MAX_TOKENS);
        int tokens = Math.min(most, x.rows());
        Encoded encoded = new Encoded(new int[tokens * blocks * BLOCK_INTS], new float[tokens * blocks], blocks);
        for (int from = 0; from < x.rows(); from += most) {
            int to = Math.min(from + most, x.rows());
            multiply(x.rows(from, to), encoded, weight, out.rows(from, to));
        }
    }

    private void multiply(Matrix x, Encoded encoded, QuantizedTensor weight, Matrix out) {
        pool.forEachRange(x.rows(), Math.ceilDiv(16_384, Math.max(1, x.cols())), (from, to) -> {
            float[] block = new float[BLOCK];
            for (int token = from; token < to; token++) {
                int at = x.offset() + token * x.cols();
                int codesAt = token * encoded.blocks * BLOCK_INTS;
                ActivationCodes.encode(
                        x.data(), at, x.cols(), block, encoded.codes, codesAt, encoded.scales, token * encoded.blocks);
            }
        });
        int blockRows = RowBlocks.size(out.cols(), PANEL, MAX_BLOCK_ROWS, pool.threads());
        pool.forEach(Math.ceilDiv(out.cols(), blockRows), task -> {
            Buffers buffers = spares.take();
            int fromRow = task * blockRows;
            block(encoded, x.cols(), weight, fromRow, Math.min(out.cols(), fromRow + blockRows), out, buffers);
            spares.giveBack(buffers);
        });
    }

    /** Columns fromRow to toRow of out. */
    private static void block(Encoded x, int cols, QuantizedTensor weight, int fromRow, int toRow, Matrix out, Buffers buffers) {
        if (cols == 0) fillWithZeros(out, fromRow, toRow);
        for (int k = 0; k < cols; k += DEPTH) {
            int depth = Math.min(DEPTH, cols - k);
            buffers.filler.fill(weight, fromRow, toRow, k, depth, buffers.panels, buffers.scales);
            for (int token = 0; token < out.rows(); token += TOKENS) {
                int tokens = Math.min(TOKENS, out.rows() - token);
                tile(x, token, tokens, k / BLOCK, Math.ceilDiv(depth, BLOCK), fromRow, toRow, out, buffers);
            }
        }
    }

    private static void fillWithZeros(Matrix out, int fromCol, int toCol) {
        for (int token = 0; token < out.rows(); token++) {
            int at = out.offset() + token * out.cols();
            Arrays.fill(out.data(), at + fromCol, at + toCol, 0f);
        }
    }

    /** Some tokens and some blocks of columns with all panels. */
    private static void tile(
            Encoded x, int token, int tokens, int fromBlock, int blocks, int fromRow, int toRow, Matrix out, Buffers b) {
        for (int i = 0; i < tokens; i++) {
            spread(x.codes, ((token + i) * x.blocks + fromBlock) * BLOCK_INTS, blocks, b.tokens, i * DEPTH);
        }
        int xScales = token * x.blocks + fromBlock;
        for (int row = fromRow; row < toRow; row += PANEL) {
            int panel = (row - fromRow) / PANEL;
            int w = panel * blocks * BLOCK * PANEL;
            int scales = panel * blocks * PANEL;
            int at = out.offset() + token * out.cols() + row;
            int width = Math.min(PANEL, toRow - row);
            // Rows of out are often a multiple of 4 kB apart, so that all of a tile would fight for one place in the cache.
            Arrays.fill(b.tile, 0f);
            for (int i = 0; i < tokens && fromBlock > 0; i++) {
                System.arraycopy(out.data(), at + i * out.cols(), b.tile, i * PANEL, width);
            }
            Int4Tile.multiply(
                    tokens, blocks, b.tokens, x.scales, xScales, x.blocks, b.panels, w, b.scales, scales, b.sums, b.tile);
            for (int i = 0; i < tokens; i++) System.arraycopy(b.tile, i * PANEL, out.data(), at + i * out.cols(), width);
        }
    }

    /** Codes to ints that have one in both halves. */
    private static void spread(int[] codes, int at, int blocks, int[] to, int toAt) {
        for (int block = 0; block < blocks; block++) {
            for (int i = 0; i < BLOCK_INTS; i += Lanes.COUNT) {
                IntVector pairs = IntVector.fromArray(Lanes.INT, codes, at + block * BLOCK_INTS + i);
                IntVector lower = pairs.and(0xffff).or(pairs.lanewise(LSHL, Short.SIZE));
                IntVector upper = pairs.and(0xffff0000).or(pairs.lanewise(LSHR, Short.SIZE));
                lower.intoArray(to, toAt + block * BLOCK + i);
                upper.intoArray(to, toAt + block * BLOCK + BLOCK_INTS + i);
            }
        }
    }
}
