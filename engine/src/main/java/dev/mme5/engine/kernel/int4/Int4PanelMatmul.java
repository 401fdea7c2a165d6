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
 * out = x · weightᵀ with INT4 weights in panels and few tokens, computed in floats with the bits of {@link Int4Matmul}'s integers
 * ({@link Int4Tiles} explains why). Lanes run over output rows, and any number of tokens is cut into equal groups.
 *
 * <p>A task computes some panels, block after block of 32 columns; the results of a panel stay in the first-level cache. With several
 * groups of tokens it takes some blocks at a time, which the first group brings into that cache for the others.
 */
final class Int4PanelMatmul {
    /** Most tokens, where there are no {@link Int4WordTiles}. With more, unpacking the weights once for all tokens is as fast or faster. */
    static final int MAX_TOKENS = 8;

    private static final int ROWS = PanelTensor.ROWS;
    private static final int HALF = Int4Tiles.HALF;
    private static final int BLOCK = ActivationQuantizer.BLOCK;

    /** Bytes of a block of a panel: eight cache lines. */
    private static final int BLOCK_BYTES = ROWS * BLOCK / 2;

    /** Bytes of four columns of a panel. */
    private static final int QUAD_BYTES = ROWS * Short.BYTES;

    /** Bytes between the places from which a tile reads ahead: for each two columns those of two columns. */
    private static final int STEP = ROWS;

    /** Blocks that several groups of tokens multiply in turns. */
    private static final int CHUNK_BLOCKS = 16;

    /** Most panels in a task. */
    private static final int MAX_PANELS = 4;

    private final WorkerPool pool;
    private final BufferPool<Buffers> bufferPool;

    /** Working buffers of one task. */
    private static final class Buffers {
        private final RetainedFloats scales = new RetainedFloats(); // of one panel, [blocks, ROWS]
        private final float[] rowScales = new float[ROWS];
        private final float[] blockSums = new float[Int4Tiles.MAX_TOKENS * ROWS];
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
                Int4PanelReader.scales(weight, panel, 0, weight.groups(), buffers.rowScales, scales, 0);
                Arrays.fill(buffers.results, 0, out.rows() * ROWS, 0f);
                int groups = x.groups().groups();
                int chunk = groups == 1 ? blocks : CHUNK_BLOCKS;
                for (int from = 0; from < blocks; from += chunk) {
                    int to = Math.min(blocks, from + chunk);
                    for (int group = 0; group < groups; group++) {
                        tiles(panel, group, from, to, group + 1 == groups ? ahead(panel, from, to, chunk) : Ahead.NONE);
                    }
                }
                int width = Math.min(ROWS, out.cols() - panel * ROWS);
                for (int i = 0; i < out.rows(); i++) {
                    System.arraycopy(buffers.results, i * ROWS, out.data(), out.offset() + i * out.cols() + panel * ROWS, width);
                }
            }
        }

        /** What tiles of these blocks read ahead: the blocks that this thread needs next, if they are as many. */
        private Ahead ahead(int panel, int from, int to, int chunk) {
            boolean samePanel = to < x.activations().blocks();
            int next = samePanel ? panel : panel + 1 < toPanel ? panel + 1 : nextPanel;
            int first = samePanel ? to : 0;
            boolean whole = Math.min(chunk, weight.cols() / BLOCK - first) >= to - from;
            return next >= 0 && whole ? new Ahead(offset(next, first), STEP) : Ahead.NONE;
        }

        private long offset(int panel, int block) {
            return panel * weight.codes().rowBytes() + (long) block * BLOCK_BYTES;
        }

        private void tiles(int panel, int group, int from, int to, Ahead ahead) {
            int tokens = x.groups().size(group);
            int blocks = x.activations().blocks();
            float[] scales = buffers.scales.floats();
            float[] xScales = x.activations().scales();
            int results = x.groups().first(group) * ROWS;
            int touched = 0;
            for (int block = from; block < to; block++) {
                long offset = offset(panel, block);
                long far = ahead.step == 0 ? offset : ahead.offset + (block - from) * (long) BLOCK_BYTES;
                int xOffset = x.offset(group, block);
                int first = x.groups().first(group) * blocks + block;
                int blockScales = block * ROWS;
                int columns = Math.min(BLOCK, weight.cols() - block * BLOCK);
                // Tiles read one byte after the block, which the last block of all has not.
                boolean last =
                        offset + columns / PanelTensor.INT4_COLUMNS * (long) QUAD_BYTES >= weight.codes().bytes().byteSize() - QUAD_BYTES;
                for (int lane = 0; lane < HALF; lane += Species.COUNT) {
                    if (last) exactSums(panel, block, columns, group, lane);
                    else {
                        touched +=
                                Int4Tiles.multiply(tokens, weight.codes().bytes(), offset + lane * Integer.BYTES, Math.ceilDiv(columns, 2),
                                        x.floats(), xOffset, x.activations().zeros(), first, blocks, buffers.blockSums, far, ahead.step);
                    }
                    Int4Tiles.addScaled(tokens, buffers.blockSums, scales, blockScales + lane, xScales, first, blocks, buffers.results,
                            results + lane);
                }
            }
            buffers.touched += touched;
        }

        /** The sums of a tile, in integers. */
        private void exactSums(int panel, int block, int columns, int group, int lane) {
            int tokens = x.groups().size(group);
            int[] codes = new int[BLOCK];
            for (int row = 0; row < 2 * Species.COUNT; row++) {
                int output = panel * ROWS + lane + row % Species.COUNT + row / Species.COUNT * HALF;
                for (int k = 0; k < columns; k++) codes[k] = output < weight.rows() ? weight.code(output, block * BLOCK + k) : 0;
                for (int i = 0; i < tokens; i++) {
                    int sum = 0;
                    int at = x.offset(group, block) + i;
                    for (int k = 0; k < columns; k++) sum += codes[k] * ((int) x.floats()[at + k * tokens] >> Short.SIZE);
                    buffers.blockSums[2 * i * Species.COUNT + row] = sum * (float) (1 << Short.SIZE);
                }
            }
        }
    }

    /**
     * Where the tiles of some blocks read weights ahead, in bytes.
     *
     * @param offset where the first of them begins
     * @param step of all
     */
    private record Ahead(long offset, int step) {
        private static final Ahead NONE = new Ahead(0, 0);
    }
}
