package dev.mme5.engine.kernel.gemm;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.microkernel.HalfVectorMicroKernel;
import dev.mme5.engine.kernel.microkernel.OneVectorMicroKernel;
import dev.mme5.engine.kernel.microkernel.SplitVectorMicroKernel;
import dev.mme5.engine.kernel.microkernel.TwoVectorMicroKernel;
import dev.mme5.engine.kernel.pool.BufferPool;
import dev.mme5.engine.kernel.pool.RowPartition;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.engine.kernel.simd.BlockTranspose;
import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.QuantizedTensor;
import dev.mme5.weights.WeightMatrix;

/**
 * out = x · weightᵀ for any number of tokens. Lanes run over tokens, never over k, so every output is one chain of fused
 * multiply-adds from +0 over k = 0, 1, 2, ...: the same bits whatever the tiles, the threads and the width of a vector.
 *
 * <p>The tokens are turned into panels once, for all tasks. A task is a block of weight rows. It widens some columns of them, then
 * multiplies {@code DEPTH} columns of a few rows at a time with each panel. Its sums wait in a buffer, tile by tile, and are turned back
 * into rows of {@code out} after the last column.
 */
public final class VectorMatmul {
    private static final int DEPTH = TwoVectorMicroKernel.DEPTH;
    private static final int PANEL = TwoVectorMicroKernel.PANEL;
    private static final int SIDE = BlockTranspose.SIDE;

    /** Weight rows in a task: many, so that the panels are read seldom. Of each, long runs are read. */
    private static final int MAX_BLOCK_ROWS = 48;

    /** With fewer tokens than these, only as many rows are taken as a tile has: they stay in the first-level cache. */
    private static final int FEW_TOKENS = 64;

    private static final int TILE_ROWS = 12;
    private static final int ONE_TOKEN_ROWS = 96;

    /** Widened floats in a task. The fewer rows, the longer the runs that are read of each. */
    private static final int ROW_FLOATS = 96 * 1024;

    private static final float[] ZEROS = new float[PANEL];

    private final WorkerPool pool;
    private final BufferPool<PackedActivations> tokens = new BufferPool<>(1, PackedActivations::new);
    private final BufferPool<Buffers> spares;

    /** What one task needs: about half a megabyte. */
    private static final class Buffers {
        private final float[] rows = new float[ROW_FLOATS];
        private final float[] sums = new float[MAX_BLOCK_ROWS * PackingLimits.MOST]; // [panels, rows, PANEL]
        private final int[] square = new int[2 * SIDE * SIDE];
    }

    public VectorMatmul(WorkerPool pool) {
        this.pool = pool;
        spares = new BufferPool<>(2 * pool.threads(), Buffers::new);
    }

    public void multiply(Matrix x, WeightMatrix weight, Matrix out) {
        if (x.rows() == 1) {
            forEachBlock(out.cols(), SIDE, ONE_TOKEN_ROWS, (from, to) -> one(x, weight, from, to, out));
            return;
        }
        int most = PackingLimits.atOnce(x.cols(), PANEL);
        int parts = Math.ceilDiv(x.rows(), most);
        int part = Math.ceilDiv(Math.ceilDiv(x.rows(), Math.max(1, parts)), PANEL) * PANEL;
        PackedActivations panels = tokens.take();
        for (int from = 0; from < x.rows(); from += part) {
            int to = Math.min(x.rows(), from + part);
            multiply(panels, x.rows(from, to), weight, out.rows(from, to));
        }
        tokens.giveBack(panels);
    }

    private void multiply(PackedActivations panels, Matrix x, WeightMatrix weight, Matrix out) {
        panels.pack(x, pool);
        forEachBlock(out.cols(), TILE_ROWS, x.rows() < FEW_TOKENS ? TILE_ROWS : MAX_BLOCK_ROWS, (from, to) -> {
            Buffers buffers = spares.take();
            block(panels.floats(), x.cols(), weight, from, to, out, buffers);
            spares.giveBack(buffers);
        });
    }

    /** Rows in blocks of a multiple of step. */
    private void forEachBlock(int rows, int step, int most, WorkerPool.RangeTask task) {
        int block = RowPartition.size(rows, step, most, pool.threads());
        pool.forEach(Math.ceilDiv(rows, block), i -> task.run(i * block, Math.min(rows, (i + 1) * block)));
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
    private static void block(float[] panels, int cols, WeightMatrix weight, int fromRow, int toRow, Matrix out, Buffers buffers) {
        int rows = toRow - fromRow;
        int most = out.rows() < FEW_TOKENS ? DEPTH : ROW_FLOATS / rows / DEPTH * DEPTH;
        int k = 0;
        do { // once even when there is no k at all: the sums are then zero
            int chunk = Math.min(most, cols - k);
            switch (weight) {
                case MappedTensor floats -> FloatWeightPacker.fill(floats, fromRow, toRow, k, chunk, buffers.rows);
                case QuantizedTensor bytes -> Int8WeightPacker.fill(bytes, fromRow, toRow, k, chunk, buffers.rows);
            }
            int done = 0;
            do {
                int depth = Math.min(DEPTH, chunk - done);
                for (int token = 0, width; token < out.rows(); token += width) {
                    width = PackedActivations.width(out.rows() - token);
                    tile(width, buffers.rows, done * rows, rows, panels, token * cols + k * width, depth, k == 0, buffers.sums,
                            token * rows);
                }
                done += DEPTH;
                k += DEPTH;
            } while (done < chunk);
        } while (k < cols);
        for (int token = 0, width; token < out.rows(); token += width) {
            width = PackedActivations.width(out.rows() - token);
            store(buffers, rows, token, width, fromRow, out);
        }
    }

    /** All rows with one panel. */
    private static void tile(
            int width, float[] rows, int rowsAt, int count, float[] panels, int panel, int depth, boolean first, float[] sums, int at) {
        float[] in = first ? ZEROS : sums;
        int inAt = first ? 0 : at;
        int stride = first ? 0 : width;
        if (width == PANEL) {
            TwoVectorMicroKernel.multiply(rows, rowsAt, count, panels, panel, depth, in, inAt, stride, sums, at, PANEL);
        } else if (width == SIDE && Species.COUNT == 16) {
            SplitVectorMicroKernel.multiply(rows, rowsAt, count, panels, panel, depth, in, inAt, stride, sums, at);
        } else if (width == SIDE) {
            OneVectorMicroKernel.multiply(rows, rowsAt, count, panels, panel, depth, in, inAt, stride, sums, at);
        } else {
            HalfVectorMicroKernel.multiply(rows, rowsAt, count, panels, panel, depth, in, inAt, stride, sums, at);
        }
    }

    /** The sums of a panel of tokens to where they belong. */
    private static void store(Buffers buffers, int rows, int token, int width, int fromRow, Matrix out) {
        float[] sums = buffers.sums;
        for (int lane = 0; lane < Math.min(width, out.rows() - token); lane += SIDE) {
            int tokens = Math.min(SIDE, out.rows() - token - lane);
            int from = token * rows + lane;
            int to = out.offset() + (token + lane) * out.cols() + fromRow;
            int body = tokens < SIDE ? 0 : rows - rows % SIDE;
            for (int row = 0; row < body; row += SIDE) {
                BlockTranspose.turn(sums, from + row * width, width, buffers.square);
                BlockTranspose.copy(buffers.square, out.data(), to + row, out.cols());
            }
            for (int i = 0; i < tokens; i++) {
                for (int row = body; row < rows; row++) out.data()[to + i * out.cols() + row] = sums[from + row * width + i];
            }
        }
    }
}
