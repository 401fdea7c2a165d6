package dev.mme5.engine.kernel.panels;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.gemm.FloatWeightPacker;
import dev.mme5.engine.kernel.gemm.Int8Matvec;
import dev.mme5.engine.kernel.gemm.Int8WeightPacker;
import dev.mme5.engine.kernel.gemm.PackingLimits;
import dev.mme5.engine.kernel.gemm.VectorMatvec;
import dev.mme5.engine.kernel.panels.near.NearTiles;
import dev.mme5.engine.kernel.panels.tiles.PanelTiles;
import dev.mme5.engine.kernel.pool.BufferPool;
import dev.mme5.engine.kernel.pool.RetainedFloats;
import dev.mme5.engine.kernel.pool.RowPartition;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.QuantizedTensor;
import dev.mme5.weights.WeightMatrix;

/**
 * out = x · weightᵀ for weights in rows and any number of tokens, with the tiles and the order of sums of {@link PanelMatmul}.
 *
 * <p>A task computes some panels of 32 output rows. It packs some columns of a panel into a buffer that fits into a part of a core's
 * first-level cache, and multiplies them with all tokens, so that each weight is packed once. Sums wait in a buffer between two runs. A
 * single token reads the rows as they are, because packing would cost more than its multiplications.
 */
public final class RowMatmul {
    private static final int ROWS = PanelTensor.ROWS;

    /** Columns that are packed at a time: whole groups of 8-bit weights. */
    private static final int DEPTH = 256;

    /** With fewer tokens, these stay in the second-level cache, and a task takes a single panel. */
    private static final int FEW_TOKENS = 64;

    /** Most panels in a task. The more panels, the fewer times the tokens are read. */
    private static final int MAX_PANELS = 8;

    /** Sums in a task of several panels. */
    private static final int MAX_SUMS = 96 * 1024;

    /** Most weight rows in a task for a single token. */
    private static final int ONE_TOKEN_ROWS = 96;

    private static final float[] ZEROS = new float[ROWS];

    private final WorkerPool pool;
    private final BufferPool<RetainedFloats> activationPool;
    private final BufferPool<Buffers> bufferPool;

    /** Working buffers of one task: 0.42 megabytes. */
    private static final class Buffers {
        private final FloatWeightPacker floatPacker = new FloatWeightPacker();
        private final Int8WeightPacker int8Packer = new Int8WeightPacker();
        private final float[] panel = new float[DEPTH * ROWS];
        private final float[] sums = new float[MAX_SUMS]; // [panels, tokens, ROWS]
        private final float[] tile = new float[PanelTiles.MAX_TOKENS * ROWS];
    }

    /** @param activationPool retains packed activations */
    public RowMatmul(WorkerPool pool, BufferPool<RetainedFloats> activationPool) {
        this.pool = pool;
        this.activationPool = activationPool;
        bufferPool = new BufferPool<>(2 * pool.threads(), Buffers::new);
    }

    /** out = x · weightᵀ, with x [tokens, in], weight [out, in] in rows, of floats or 8 bits, out [tokens, out]. */
    public void multiply(Matrix x, WeightMatrix weight, Matrix out) {
        if (x.rows() == 1) {
            forEachRowBlock(out.cols(), Species.COUNT, ONE_TOKEN_ROWS, (from, to) -> matvec(x, weight, from, to, out));
            return;
        }
        int max = PackingLimits.maxTokens(x.cols());
        int parts = Math.ceilDiv(x.rows(), max);
        int part = Math.ceilDiv(x.rows(), Math.max(1, parts));
        RetainedFloats buffer = activationPool.acquire();
        for (int from = 0; from < x.rows(); from += part) {
            int to = Math.min(x.rows(), from + part);
            multiply(PackedTokens.of(x.rows(from, to), buffer, pool), weight, out.rows(from, to));
        }
        activationPool.release(buffer);
    }

    /** Columns fromRow to toRow of out, for a single token. */
    private static void matvec(Matrix x, WeightMatrix weight, int fromRow, int toRow, Matrix out) {
        int outOffset = out.offset() + fromRow;
        switch (weight) {
            case MappedTensor floats -> VectorMatvec.multiply(x.data(), x.offset(), floats, fromRow, toRow, out.data(), outOffset);
            case QuantizedTensor bytes -> Int8Matvec.multiply(x.data(), x.offset(), bytes, fromRow, toRow, out.data(), outOffset);
            case PanelTensor other -> throw notInRows(other);
        }
    }

    private static IllegalArgumentException notInRows(PanelTensor weight) {
        return new IllegalArgumentException("expected weights in rows, found " + weight);
    }

    /** Runs the task for row blocks whose size is a multiple of step. */
    private void forEachRowBlock(int rows, int step, int max, WorkerPool.RangeTask task) {
        int block = RowPartition.size(rows, step, max, pool.threads());
        pool.forEach(Math.ceilDiv(rows, block), i -> task.run(i * block, Math.min(rows, (i + 1) * block)));
    }

    private void multiply(PackedTokens x, WeightMatrix weight, Matrix out) {
        int maxPanels = out.rows() < FEW_TOKENS ? 1 : Math.clamp(MAX_SUMS / (out.rows() * ROWS), 1, MAX_PANELS);
        forEachRowBlock(out.cols(), ROWS, maxPanels * ROWS, (from, to) -> {
            Buffers buffers = bufferPool.acquire();
            new Task(x, weight, out, from, to, buffers).run();
            bufferPool.release(buffers);
        });
    }

    /** Columns fromRow to toRow of out. */
    private record Task(PackedTokens x, WeightMatrix weight, Matrix out, int fromRow, int toRow, Buffers buffers) {
        void run() {
            int k = 0;
            do { // once even for 0 columns, so that out is set to zero
                int depth = Math.min(DEPTH, weight.cols() - k);
                for (int row = fromRow; row < toRow; row += ROWS) {
                    pack(row, k, depth);
                    for (int group = 0; group < x.groups().groups(); group++) tile(row, k, depth, group);
                }
                k += DEPTH;
            } while (k < weight.cols());
        }

        private void pack(int row, int k, int depth) {
            switch (weight) {
                case MappedTensor floats -> buffers.floatPacker.pack(floats, row, k, depth, buffers.panel);
                case QuantizedTensor bytes -> buffers.int8Packer.pack(bytes, row, k, depth, buffers.panel);
                case PanelTensor other -> throw notInRows(other);
            }
        }

        /** Multiplies the packed columns with a group of tokens. The last columns write out, the others the sums. */
        private void tile(int row, int k, int depth, int group) {
            int first = x.groups().first(group);
            int sums = (row - fromRow) * out.rows() + first * ROWS;
            if (k + depth < weight.cols()) {
                multiply(group, k, depth, sums, buffers.sums, sums, ROWS);
                return;
            }
            int width = Math.min(ROWS, out.cols() - row);
            int target = out.offset() + first * out.cols() + row;
            if (width == ROWS) {
                multiply(group, k, depth, sums, out.data(), target, out.cols());
                return;
            }
            multiply(group, k, depth, sums, buffers.tile, 0, ROWS);
            for (int i = 0; i < x.groups().size(group); i++) {
                System.arraycopy(buffers.tile, i * ROWS, out.data(), target + i * out.cols(), width);
            }
        }

        /** Runs the register tiles: one with the widest vectors, several with narrower ones. They read nothing ahead: the panel is near. */
        private void multiply(int group, int k, int depth, int sums, float[] target, int targetOffset, int targetStride) {
            int tokens = x.groups().size(group);
            int xOffset = x.offset() + x.groups().first(group) * weight.cols() + k * tokens;
            float[] in = k == 0 ? ZEROS : buffers.sums;
            int inStride = k == 0 ? 0 : ROWS;
            for (int lane = 0; lane < PanelTiles.HALF; lane += Species.COUNT) {
                int before = k == 0 ? lane : sums + lane;
                int after = targetOffset + lane;
                NearTiles.array(tokens, buffers.panel, lane, depth, x.floats(), xOffset, in, before, inStride, target, after, targetStride);
            }
        }
    }
}
