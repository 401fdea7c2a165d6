package dev.mme5.engine.kernel.panels;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.api.Projection;
import dev.mme5.engine.kernel.gemm.ChunkLimits;
import dev.mme5.engine.kernel.panels.tiles.PanelTiles;
import dev.mme5.engine.kernel.pool.BufferPool;
import dev.mme5.engine.kernel.pool.RetainedFloats;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.engine.kernel.simd.Species;
import java.util.List;

/**
 * Products of many tokens with panels of float32 in arrays. A task takes some tokens, so few that their activations stay in the
 * second-level cache, and multiplies them with all panels. What is read from further away are the weights, in one stream; before each
 * tile or by it, a share of those that come next is read ahead ({@link PanelTiles} says why). Both products of an MLP are one task, for
 * some columns of what is between them at a time, which never leaves the cache.
 */
final class ChunkMatmul {
    /** Tokens for each thread from which a task takes tokens and all weights, instead of some weights and all tokens. */
    private static final int MIN_TOKENS = 48;

    /**
     * Most tokens in a task where there are 16 registers: such processors have second-level caches of half a megabyte or less, and
     * shorter tasks end together even if one thread is disturbed.
     */
    private static final int MAX_FEW_REGISTERS_TOKENS = 84;

    private final WorkerPool pool;
    private final BufferPool<Buffers> bufferPool;

    /** Of one task; {@link ChunkLimits} counts them. */
    static final class Buffers {
        final RetainedFloats in = new RetainedFloats();
        final RetainedFloats between = new RetainedFloats();
        final RetainedFloats sums = new RetainedFloats(); // [panels, tokens, ROWS]

        /** Of no meaning; see {@link PanelTiles}. */
        int touched;
    }

    ChunkMatmul(WorkerPool pool, BufferPool<Buffers> bufferPool) {
        this.pool = pool;
        this.bufferPool = bufferPool;
    }

    /** Whether there are enough tokens, and columns that the tiles can take. */
    boolean accepts(int tokens, int cols) {
        return tokens >= MIN_TOKENS * pool.threads() && cols % PanelTiles.CHUNK_COLUMNS == 0;
    }

    /** outs[i] = act(x · weightᵀ + bias) of projection i. */
    void project(Matrix x, List<Projection> projections, List<Matrix> outs) {
        ChunkTask.Panels[] panels = projections.stream().map(ChunkTask.Panels::of).toArray(ChunkTask.Panels[]::new);
        forEachChunk(x.rows(), ChunkLimits.maxTokens(x.cols()), (from, to) -> {
            Buffers buffers = bufferPool.acquire();
            ChunkTask task = new ChunkTask(TokenGroups.of(to - from), buffers);
            TokenBlocks in = task.blocks(x.cols(), buffers.in);
            in.load(x.rows(from, to));
            for (int i = 0; i < outs.size(); i++) {
                task.project(in, panels[i], outs.get(i).rows(from, to), i + 1 < outs.size() ? panels[i + 1] : null);
            }
            bufferPool.release(buffers);
        });
    }

    /** out = projection down of projection up of x; out may be x. */
    void mlp(Matrix x, Projection up, Projection down, Matrix out) {
        ChunkTask.Panels first = ChunkTask.Panels.of(up);
        ChunkTask.Panels second = ChunkTask.Panels.of(down);
        forEachChunk(x.rows(), ChunkLimits.maxMlpTokens(x.cols(), out.cols()), (from, to) -> {
            Buffers buffers = bufferPool.acquire();
            ChunkTask task = new ChunkTask(TokenGroups.of(to - from), buffers);
            TokenBlocks in = task.blocks(x.cols(), buffers.in);
            in.load(x.rows(from, to));
            task.mlp(in, first, second, out.rows(from, to));
            bufferPool.release(buffers);
        });
    }

    /** The same number of chunks for each thread, equal but for one token. */
    private void forEachChunk(int tokens, int maxTokens, WorkerPool.RangeTask task) {
        int threads = pool.threads();
        int max = Species.FEW_REGISTERS ? Math.min(maxTokens, MAX_FEW_REGISTERS_TOKENS) : maxTokens;
        int chunks = Math.ceilDiv(Math.ceilDiv(tokens, max), threads) * threads;
        pool.forEach(chunks, i -> task.run((int) ((long) tokens * i / chunks), (int) ((long) tokens * (i + 1) / chunks)));
    }
}
