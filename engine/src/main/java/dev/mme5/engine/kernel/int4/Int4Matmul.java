package dev.mme5.engine.kernel.int4;

import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.pool.BufferPool;
import dev.mme5.engine.kernel.pool.RowPartition;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.QuantizedTensor;
import java.util.Arrays;
import jdk.incubator.vector.IntVector;

/**
 * out = x · weightᵀ of four-bit weights. Activations become integers of 8 bits first, so that all sums within a block of 32 are
 * exact; blocks follow each other in one chain of fused multiply-adds from +0. So every output has the same bits whatever the
 * tiles, the threads and the width of a vector.
 *
 * <p>A task is a block of weight rows for a run of tokens. It unpacks some columns of its weights at a time, then multiplies a few
 * tokens at a time with them. Sums wait in {@code out}; those of an incomplete panel go through a whole one.
 */
public final class Int4Matmul {
    private static final int DEPTH = Int4MicroKernel.DEPTH;
    private static final int PANEL = Int4MicroKernel.PANEL;
    private static final int TOKENS = Int4MicroKernel.TOKENS;
    private static final int BLOCK = ActivationQuantizer.BLOCK;
    private static final int BLOCK_INTS = ActivationQuantizer.BLOCK_INTS;
    private static final int DEPTH_BLOCKS = DEPTH / BLOCK;

    /** Weight rows in a task, unpacked to a part of a core's second-level cache. */
    private static final int MAX_BLOCK_ROWS = 512;

    private final WorkerPool pool;
    private final BufferPool<QuantizedActivations> spareCodes = new BufferPool<>(1, QuantizedActivations::new);
    private final BufferPool<Buffers> spares;

    /** What one task needs. */
    private static final class Buffers {
        private final Int4WeightPacker filler = new Int4WeightPacker();
        private final short[] panels = new short[MAX_BLOCK_ROWS * DEPTH];
        private final float[] scales = new float[MAX_BLOCK_ROWS * DEPTH_BLOCKS];
        private final int[] tokens = new int[TOKENS * DEPTH];
        private final short[] sums = new short[DEPTH_BLOCKS * TOKENS * PANEL];
        private final float[] tile = new float[TOKENS * PANEL];
    }

    public Int4Matmul(WorkerPool pool) {
        this.pool = pool;
        spares = new BufferPool<>(2 * pool.threads(), Buffers::new);
    }

    public void multiply(Matrix x, QuantizedTensor weight, Matrix out) {
        int most = Int4PackingLimits.atOnce(x.cols(), TOKENS);
        int parts = Math.max(1, Math.ceilDiv(x.rows(), most));
        int part = Math.ceilDiv(Math.ceilDiv(x.rows(), parts), TOKENS) * TOKENS;
        QuantizedActivations codes = spareCodes.take();
        for (int from = 0; from < x.rows(); from += part) {
            int to = Math.min(from + part, x.rows());
            multiply(x.rows(from, to), codes, weight, out.rows(from, to));
        }
        spareCodes.giveBack(codes);
    }

    private void multiply(Matrix x, QuantizedActivations codes, QuantizedTensor weight, Matrix out) {
        codes.encode(x, pool);
        int blockRows = RowPartition.size(out.cols(), PANEL, MAX_BLOCK_ROWS, pool.threads());
        pool.forEach(Math.ceilDiv(out.cols(), blockRows), task -> {
            Buffers buffers = spares.take();
            int fromRow = task * blockRows;
            block(codes, x.cols(), weight, fromRow, Math.min(out.cols(), fromRow + blockRows), out, buffers);
            spares.giveBack(buffers);
        });
    }

    /** Columns fromRow to toRow of out. */
    private static void block(QuantizedActivations x, int cols, QuantizedTensor weight, int fromRow, int toRow, Matrix out,
            Buffers buffers) {
        if (cols == 0) fillWithZeros(out.data(), out.offset() + fromRow, out.cols(), out.rows(), toRow - fromRow);
        for (int k = 0; k < cols; k += DEPTH) {
            int depth = Math.min(DEPTH, cols - k);
            buffers.filler.fill(weight, fromRow, toRow, k, depth, buffers.panels, buffers.scales);
            for (int token = 0; token < out.rows(); token += TOKENS) {
                int tokens = Math.min(TOKENS, out.rows() - token);
                tile(x, token, tokens, k / BLOCK, Math.ceilDiv(depth, BLOCK), fromRow, toRow, out, buffers);
            }
        }
    }

    /** Some tokens and some blocks of columns with all panels. */
    private static void tile(
            QuantizedActivations x, int token, int tokens, int fromBlock, int blocks, int fromRow, int toRow, Matrix out, Buffers b) {
        for (int i = 0; i < tokens; i++) {
            spread(x.codes(), ((token + i) * x.blocks() + fromBlock) * BLOCK_INTS, blocks, b.tokens, i * DEPTH);
        }
        int xScales = token * x.blocks() + fromBlock;
        for (int row = fromRow; row < toRow; row += PANEL) {
            int panel = (row - fromRow) / PANEL;
            int w = panel * blocks * BLOCK * PANEL;
            int scales = panel * blocks * PANEL;
            int width = Math.min(PANEL, toRow - row);
            int at = out.offset() + token * out.cols() + row;
            if (fromBlock == 0) fillWithZeros(out.data(), at, out.cols(), tokens, width);
            if (width == PANEL) {
                Int4MicroKernel.multiply(
                        tokens, blocks, b.tokens, x.scales(), xScales, x.blocks(), b.panels, w, b.scales, scales, b.sums, out.data(), at,
                        out.cols());
            } else {
                copy(out.data(), at, out.cols(), b.tile, 0, PANEL, tokens, width);
                Int4MicroKernel.multiply(
                        tokens, blocks, b.tokens, x.scales(), xScales, x.blocks(), b.panels, w, b.scales, scales, b.sums, b.tile, 0, PANEL);
                copy(b.tile, 0, PANEL, out.data(), at, out.cols(), tokens, width);
            }
        }
    }

    private static void fillWithZeros(float[] to, int at, int stride, int rows, int width) {
        for (int i = 0; i < rows; i++) Arrays.fill(to, at + i * stride, at + i * stride + width, 0f);
    }

    private static void copy(float[] from, int at, int stride, float[] to, int toAt, int toStride, int rows, int width) {
        for (int i = 0; i < rows; i++) System.arraycopy(from, at + i * stride, to, toAt + i * toStride, width);
    }

    /** Codes to ints that have one in both halves. */
    private static void spread(int[] codes, int at, int blocks, int[] to, int toAt) {
        for (int block = 0; block < blocks; block++) {
            for (int i = 0; i < BLOCK_INTS; i += Species.COUNT) {
                IntVector pairs = IntVector.fromArray(Species.INT, codes, at + block * BLOCK_INTS + i);
                IntVector lower = pairs.and(0xffff).or(pairs.lanewise(LSHL, Short.SIZE));
                IntVector upper = pairs.and(0xffff0000).or(pairs.lanewise(LSHR, Short.SIZE));
                lower.intoArray(to, toAt + block * BLOCK + i);
                upper.intoArray(to, toAt + block * BLOCK + BLOCK_INTS + i);
            }
        }
    }
}
