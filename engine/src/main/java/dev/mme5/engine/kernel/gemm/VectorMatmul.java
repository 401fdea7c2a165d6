package dev.mme5.engine.kernel.gemm;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.microkernel.HalfVectorMicroKernel;
import dev.mme5.engine.kernel.microkernel.OneVectorMicroKernel;
import dev.mme5.engine.kernel.microkernel.SplitVectorMicroKernel;
import dev.mme5.engine.kernel.microkernel.TwoVectorMicroKernel;
import dev.mme5.engine.kernel.pool.BufferPool;
import dev.mme5.engine.kernel.pool.RetainedFloats;
import dev.mme5.engine.kernel.pool.RowPartition;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.engine.kernel.simd.BlockTranspose;
import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.QuantizedTensor;
import dev.mme5.weights.WeightMatrix;

/**
 * out = x · weightᵀ for any number of tokens. Lanes run over tokens, never over k, so every output is one chain of fused
 * multiply-adds from +0 over k = 0, 1, 2, ... Its bits do not depend on tiles, threads or vector width.
 *
 * <p>Activations are packed once and shared by all tasks. A task computes a block of weight rows. It widens some columns of these rows
 * to float, then runs the micro-kernel on {@code DEPTH} columns and one panel at a time. The accumulators are stored in a task buffer
 * between two runs, tile by tile, and are transposed into rows of {@code out} after the last column.
 */
public final class VectorMatmul {
    private static final int DEPTH = TwoVectorMicroKernel.DEPTH;
    private static final int PANEL = TwoVectorMicroKernel.PANEL;
    private static final int BLOCK_SIDE = BlockTranspose.BLOCK_SIDE;

    /** Most weight rows in a task. The more rows, the fewer times the panels are read. */
    private static final int MAX_BLOCK_ROWS = 48;

    /** Below this, a task takes only as many rows as a register tile has, so that they stay in the first-level cache. */
    private static final int FEW_TOKENS = 64;

    private static final int TILE_ROWS = 12;

    /** Most weight rows in a task for a single token. */
    private static final int ONE_TOKEN_ROWS = 96;

    /** Widened floats in a task. The fewer the rows, the more consecutive columns are read from each. */
    private static final int ROW_FLOATS = 96 * 1024;

    private static final float[] ZEROS = new float[PANEL];

    private final WorkerPool pool;
    private final BufferPool<RetainedFloats> activationPool;
    private final BufferPool<Buffers> bufferPool;

    /** Working buffers of one task: about half a megabyte. */
    private static final class Buffers {
        private final float[] rows = new float[ROW_FLOATS];
        private final float[] accumulators = new float[MAX_BLOCK_ROWS * PackingLimits.MAX_TOKENS]; // [panels, rows, PANEL]
        private final int[] transposeBuffer = new int[2 * BLOCK_SIDE * BLOCK_SIDE];
    }

    VectorMatmul(WorkerPool pool) {
        this(pool, new BufferPool<>(1, RetainedFloats::new));
    }

    /** @param activationPool retains packed activations */
    public VectorMatmul(WorkerPool pool, BufferPool<RetainedFloats> activationPool) {
        this.pool = pool;
        this.activationPool = activationPool;
        bufferPool = new BufferPool<>(2 * pool.threads(), Buffers::new);
    }

    /** out = x · weightᵀ, with x [tokens, in], weight [out, in], out [tokens, out]. */
    public void multiply(Matrix x, WeightMatrix weight, Matrix out) {
        if (x.rows() == 1) {
            forEachRowBlock(out.cols(), BLOCK_SIDE, ONE_TOKEN_ROWS, (from, to) -> matvec(x, weight, from, to, out));
            return;
        }
        int max = PackingLimits.maxTokens(x.cols(), PANEL);
        int parts = Math.ceilDiv(x.rows(), max);
        int part = Math.ceilDiv(Math.ceilDiv(x.rows(), Math.max(1, parts)), PANEL) * PANEL;
        RetainedFloats buffer = activationPool.acquire();
        PackedActivations packed = new PackedActivations(buffer);
        for (int from = 0; from < x.rows(); from += part) {
            int to = Math.min(x.rows(), from + part);
            multiply(packed, x.rows(from, to), weight, out.rows(from, to));
        }
        activationPool.release(buffer);
    }

    /** Bytes of packed activations that are retained for the next matmul. */
    long retainedBytes() {
        RetainedFloats buffer = activationPool.acquire();
        activationPool.release(buffer);
        return Float.BYTES * (long) buffer.floats().length;
    }

    private void multiply(PackedActivations packed, Matrix x, WeightMatrix weight, Matrix out) {
        packed.pack(x, pool);
        forEachRowBlock(out.cols(), TILE_ROWS, x.rows() < FEW_TOKENS ? TILE_ROWS : MAX_BLOCK_ROWS, (from, to) -> {
            Buffers buffers = bufferPool.acquire();
            rowBlock(packed.floats(), x.cols(), weight, from, to, out, buffers);
            bufferPool.release(buffers);
        });
    }

    /** Runs the task for row blocks whose size is a multiple of step. */
    private void forEachRowBlock(int rows, int step, int max, WorkerPool.RangeTask task) {
        int block = RowPartition.size(rows, step, max, pool.threads());
        pool.forEach(Math.ceilDiv(rows, block), i -> task.run(i * block, Math.min(rows, (i + 1) * block)));
    }

    private static IllegalArgumentException notInRows(PanelTensor weight) {
        return new IllegalArgumentException("expected weights in rows, found " + weight);
    }

    /** Columns fromRow to toRow of out, for a single token. */
    private static void matvec(Matrix x, WeightMatrix weight, int fromRow, int toRow, Matrix out) {
        switch (weight) {
            case MappedTensor floats ->
                    VectorMatvec.multiply(x.data(), x.offset(), floats, fromRow, toRow, out.data(), out.offset() + fromRow);
            case QuantizedTensor bytes ->
                    Int8Matvec.multiply(x.data(), x.offset(), bytes, fromRow, toRow, out.data(), out.offset() + fromRow);
            case PanelTensor other -> throw notInRows(other);
        }
    }

    /** Columns fromRow to toRow of out. */
    private static void rowBlock(float[] panels, int cols, WeightMatrix weight, int fromRow, int toRow, Matrix out, Buffers buffers) {
        int rows = toRow - fromRow;
        int maxChunk = out.rows() < FEW_TOKENS ? DEPTH : ROW_FLOATS / rows / DEPTH * DEPTH;
        int k = 0;
        do { // once even for 0 columns, so that the accumulators are set to zero
            int chunk = Math.min(maxChunk, cols - k);
            switch (weight) {
                case MappedTensor floats -> FloatWeightPacker.pack(floats, fromRow, toRow, k, chunk, buffers.rows);
                case QuantizedTensor bytes -> Int8WeightPacker.pack(bytes, fromRow, toRow, k, chunk, buffers.rows);
                case PanelTensor other -> throw notInRows(other);
            }
            int done = 0;
            do {
                int depth = Math.min(DEPTH, chunk - done);
                for (int token = 0, width; token < out.rows(); token += width) {
                    width = PackedActivations.width(out.rows() - token);
                    tile(width, buffers.rows, done * rows, rows, panels, token * cols + k * width, depth, k == 0, buffers.accumulators,
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

    /** Multiplies all rows of the block with one panel. */
    private static void tile(
            int width, float[] rows, int rowsOffset, int count, float[] panels, int panelOffset, int depth, boolean first,
            float[] accumulators, int offset) {
        float[] in = first ? ZEROS : accumulators;
        int inOffset = first ? 0 : offset;
        int stride = first ? 0 : width;
        if (width == PANEL) {
            TwoVectorMicroKernel.multiply(rows, rowsOffset, count, panels, panelOffset, depth, in, inOffset, stride, accumulators, offset,
                    PANEL);
        } else if (width == BLOCK_SIDE && Species.COUNT == 16) {
            SplitVectorMicroKernel.multiply(rows, rowsOffset, count, panels, panelOffset, depth, in, inOffset, stride, accumulators,
                    offset);
        } else if (width == BLOCK_SIDE) {
            OneVectorMicroKernel.multiply(rows, rowsOffset, count, panels, panelOffset, depth, in, inOffset, stride, accumulators, offset);
        } else {
            HalfVectorMicroKernel.multiply(rows, rowsOffset, count, panels, panelOffset, depth, in, inOffset, stride, accumulators, offset);
        }
    }

    /** Transposes the accumulators of one panel into rows of out. */
    private static void store(Buffers buffers, int rows, int token, int width, int fromRow, Matrix out) {
        float[] accumulators = buffers.accumulators;
        for (int lane = 0; lane < Math.min(width, out.rows() - token); lane += BLOCK_SIDE) {
            int tokens = Math.min(BLOCK_SIDE, out.rows() - token - lane);
            int source = token * rows + lane;
            int target = out.offset() + (token + lane) * out.cols() + fromRow;
            int body = tokens < BLOCK_SIDE ? 0 : rows - rows % BLOCK_SIDE;
            for (int row = 0; row < body; row += BLOCK_SIDE) {
                BlockTranspose.transpose(accumulators, source + row * width, width, buffers.transposeBuffer);
                BlockTranspose.copy(buffers.transposeBuffer, out.data(), target + row, out.cols());
            }
            for (int i = 0; i < tokens; i++) {
                for (int row = body; row < rows; row++) out.data()[target + i * out.cols() + row] = accumulators[source + row * width + i];
            }
        }
    }
}
