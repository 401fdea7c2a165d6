package dev.mme5.engine.kernel.int4;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.int4.Int4WordTiles.Words;
import dev.mme5.engine.kernel.pool.BufferPool;
import dev.mme5.engine.kernel.pool.RetainedFloats;
import dev.mme5.engine.kernel.pool.RowPartition;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.QuantizedTensor;
import java.util.Arrays;

/**
 * out = x · weightᵀ with INT4 weights in panels and one to three tokens, by the {@link Int4WordTiles}, with the bits of
 * {@link Int4Matmul}. A task computes some panels, some blocks at a time: their sums stay in the first-level cache until they are scaled.
 */
final class Int4WordMatmul {
    private static final int ROWS = PanelTensor.ROWS;
    private static final int BLOCK = ActivationQuantizer.BLOCK;
    private static final int MAX_TOKENS = Int4WordTiles.MAX_TOKENS;

    /** Blocks whose sums are buffered. */
    private static final int CHUNK_BLOCKS = 32;

    /** Most panels in a task. */
    private static final int MAX_PANELS = 4;

    private final WorkerPool pool;
    private final BufferPool<Buffers> bufferPool;

    /** Working buffers of one task. */
    private static final class Buffers {
        private final RetainedFloats scales = new RetainedFloats(); // of one panel, [blocks, ROWS]
        private final float[] rowScales = new float[ROWS];
        private final short[] sums = new short[CHUNK_BLOCKS * Int4WordTiles.TILE * ROWS];
        private final float[] results = new float[MAX_TOKENS * ROWS]; // of one panel, [tokens, ROWS]
    }

    Int4WordMatmul(WorkerPool pool) {
        this.pool = pool;
        bufferPool = new BufferPool<>(2 * pool.threads(), Buffers::new);
    }

    /** out = x · weightᵀ, with x [tokens, in], weight [out, in], out [tokens, out]. */
    void multiply(QuantizedActivations x, QuantizedTensor weight, Matrix out) {
        Words[] words = new Words[x.groups().groups()];
        for (int group = 0; group < words.length; group++) words[group] = Words.of(x, group);
        int panels = RowPartition.size(out.cols(), ROWS, MAX_PANELS * ROWS, pool.threads()) / ROWS;
        int count = PanelTensor.count(out.cols());
        pool.forEach(Math.ceilDiv(count, panels), task -> {
            Buffers buffers = bufferPool.acquire();
            for (int panel = task * panels; panel < Math.min(count, (task + 1) * panels); panel++) {
                panel(x, words, weight, panel, buffers, out);
            }
            bufferPool.release(buffers);
        });
    }

    private static void panel(
            QuantizedActivations x, Words[] words, QuantizedTensor weight, int panel, Buffers buffers, Matrix out) {
        int tokens = out.rows();
        int whole = weight.cols() / BLOCK;
        float[] scales = buffers.scales.atLeast(x.blocks() * ROWS);
        Int4PanelReader.scales(weight, panel, 0, weight.groups(), buffers.rowScales, scales, 0);
        Arrays.fill(buffers.results, 0, tokens * ROWS, 0f);
        for (int from = 0; from < x.blocks();) {
            int blocks = from < whole ? Math.min(CHUNK_BLOCKS, whole - from) : 1;
            int columns = from < whole ? BLOCK : weight.cols() - from * BLOCK;
            long offset = panel * weight.codes().rowBytes() + (long) from * Int4WordTiles.BLOCK_BYTES;
            int quads = Math.ceilDiv(columns, PanelTensor.INT4_COLUMNS);
            for (Words group : words) {
                Int4WordTiles.multiply(weight.codes().bytes(), offset, blocks, quads, group, from, buffers.sums);
                for (int i = 0; i < group.tokens(); i++) {
                    int token = group.first() + i;
                    Int4MicroKernel.addScaled(blocks, buffers.sums, i * ROWS, group.tokens() * ROWS, scales, from * ROWS, x.scales(),
                            token * x.blocks() + from, buffers.results, token * ROWS);
                }
            }
            from += blocks;
        }
        int width = Math.min(ROWS, out.cols() - panel * ROWS);
        for (int i = 0; i < tokens; i++) {
            System.arraycopy(buffers.results, i * ROWS, out.data(), out.offset() + i * out.cols() + panel * ROWS, width);
        }
    }
}
