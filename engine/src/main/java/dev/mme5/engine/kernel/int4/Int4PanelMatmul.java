package dev.mme5.engine.kernel.int4;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.pool.BufferPool;
import dev.mme5.engine.kernel.pool.RetainedFloats;
import dev.mme5.engine.kernel.pool.RowPartition;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.QuantizedTensor;
import java.util.Arrays;

/**
 * out = x · weightᵀ with INT4 weights in panels and few tokens, without unpacking the weights to memory ({@link Int4Tiles}). Lanes run over
 * output rows, and any number of tokens is cut into equal groups.
 *
 * <p>A task computes some panels. It takes some blocks of 32 columns at a time, which the first group of tokens brings into the first-level
 * cache for the others. Tiles leave integer sums, which are then scaled and added token by token; the results of a panel stay in that cache.
 */
final class Int4PanelMatmul {
    /** Most tokens. With more, unpacking the weights once for all tokens is as fast or faster. */
    static final int MAX_TOKENS = Int4PackingLimits.MAX_PACKED_TOKENS;

    private static final int ROWS = PanelTensor.ROWS;
    private static final int HALF = Int4Tiles.HALF;
    private static final int LANES = Int4Tiles.LANES;
    private static final int BLOCK_BYTES = Int4Tiles.BLOCK_BYTES;

    /** Blocks that are multiplied with all tokens before the next: a page of weights. */
    private static final int CHUNK_BLOCKS = 8;

    /** Most panels in a task. */
    private static final int MAX_PANELS = 4;

    private final WorkerPool pool;
    private final BufferPool<Buffers> bufferPool;

    /** Working buffers of one task. */
    private static final class Buffers {
        private final RetainedFloats scales = new RetainedFloats(); // of one panel, [blocks, ROWS]
        private final float[] rowScales = new float[ROWS];
        private final short[] sums = new short[CHUNK_BLOCKS * Int4Tiles.MAX_TOKENS * LANES];
        private final float[] results = new float[MAX_TOKENS * ROWS]; // of one panel, [tokens, ROWS]

        /** Of no meaning; reading weights ahead is not dropped by the compiler only because it has a result. */
        private int touched;
    }

    Int4PanelMatmul(WorkerPool pool) {
        this.pool = pool;
        bufferPool = new BufferPool<>(2 * pool.threads(), Buffers::new);
    }

    /** out = x · weightᵀ, with x [tokens, in], weight [out, in], out [tokens, out]. */
    void multiply(PackedCodes x, QuantizedTensor weight, Matrix out) {
        int rows = RowPartition.size(out.cols(), ROWS, MAX_PANELS * ROWS, pool.threads());
        int panels = rows / ROWS;
        int count = PanelTensor.count(out.cols());
        pool.forEach(Math.ceilDiv(out.cols(), rows), task -> {
            Buffers buffers = bufferPool.acquire();
            int from = task * panels;
            int to = Math.min(count, from + panels);
            int next = to + (pool.threads() - 1) * panels; // of the next task of this thread, if threads are equally fast
            new Task(x, weight, out, buffers, from, to, next < count ? next : -1).run();
            bufferPool.release(buffers);
        });
    }

    /**
     * The panels of one task.
     *
     * @param nextPanel which this thread probably computes after this task, or -1
     */
    private record Task(PackedCodes x, QuantizedTensor weight, Matrix out, Buffers buffers, int fromPanel, int toPanel, int nextPanel) {
        void run() {
            int blocks = x.activations().blocks();
            float[] scales = buffers.scales.atLeast(blocks * ROWS);
            for (int panel = fromPanel; panel < toPanel; panel++) {
                Int4PanelReader.scales(weight, panel, buffers.rowScales, scales, 0);
                Arrays.fill(buffers.results, 0, out.rows() * ROWS, 0f);
                int groups = x.groups().groups();
                for (int from = 0; from < blocks; from += CHUNK_BLOCKS) {
                    int to = Math.min(blocks, from + CHUNK_BLOCKS);
                    for (int group = 0; group < groups; group++) {
                        tiles(panel, group, from, to, group + 1 == groups ? ahead(panel, from, to) : -1);
                    }
                }
                int width = Math.min(ROWS, out.cols() - panel * ROWS);
                for (int i = 0; i < out.rows(); i++) {
                    System.arraycopy(buffers.results, i * ROWS, out.data(), out.offset() + i * out.cols() + panel * ROWS, width);
                }
            }
        }

        /** Where tiles of these blocks read ahead: from the blocks on that this thread needs next, if there are as many; else -1. */
        private long ahead(int panel, int from, int to) {
            boolean samePanel = to < x.activations().blocks();
            int next = samePanel ? panel : panel + 1 < toPanel ? panel + 1 : nextPanel;
            int first = samePanel ? to : 0;
            boolean whole = first + to - from <= weight.cols() / ActivationQuantizer.BLOCK;
            return next >= 0 && whole ? offset(next, first) : -1;
        }

        private long offset(int panel, int block) {
            return panel * weight.codes().rowBytes() + (long) block * BLOCK_BYTES;
        }

        /** @param ahead where the tiles begin to read ahead, or -1 */
        private void tiles(int panel, int group, int from, int to, long ahead) {
            int tokens = x.groups().size(group);
            int first = x.groups().first(group);
            int blocks = x.activations().blocks();
            long offset = offset(panel, from);
            int length = (int) Math.min((long) (to - from) * BLOCK_BYTES, weight.codes().rowBytes() - (long) from * BLOCK_BYTES);
            long far = ahead < 0 ? offset : ahead;
            for (int lane = 0; lane < HALF; lane += Species.COUNT) {
                buffers.touched += Int4Tiles.multiply(tokens, x.ints(), x.offset(group, from), weight.codes().bytes(),
                        offset + lane * Integer.BYTES, length, buffers.sums, 0, far);
                for (int i = 0; i < tokens; i++) {
                    Int4Tiles.addScaled(to - from, buffers.sums, i * LANES, tokens * LANES, buffers.scales.floats(), from * ROWS + lane,
                            x.activations().scales(), (first + i) * blocks + from, buffers.results, (first + i) * ROWS + lane);
                }
            }
        }
    }
}
