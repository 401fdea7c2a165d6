package dev.mme5.engine.kernel.panels;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.api.Projection;
import dev.mme5.engine.kernel.gemm.PackingLimits;
import dev.mme5.engine.kernel.panels.ChunkTask.Next;
import dev.mme5.engine.kernel.panels.ChunkTask.Panels;
import dev.mme5.engine.kernel.panels.tiles.PanelTiles;
import dev.mme5.engine.kernel.pool.BufferPool;
import dev.mme5.engine.kernel.pool.RetainedFloats;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.PanelTensor;
import java.util.List;

/**
 * Products of few tokens with panels of float32 in arrays, in place of {@link ArrayMatmul} where there are 16 registers: a task takes a
 * panel and all tokens, with the tiles of {@link ChunkTask}. Tokens are copied as they lie, which takes less time than packing them, and
 * tiles of two columns take fewer instructions. What is between both products of an MLP is written where the second one reads it.
 */
final class NarrowMatmul {
    private static final int ROWS = PanelTensor.ROWS;

    private final WorkerPool pool;
    private final BufferPool<ChunkMatmul.Buffers[]> bufferPool;

    NarrowMatmul(WorkerPool pool) {
        this.pool = pool;
        bufferPool = new BufferPool<>(2, () -> new ChunkMatmul.Buffers[pool.threads()]); // of a region
    }

    /** Whether the tiles can take so many columns, and are the best. */
    static boolean accepts(int cols) {
        return Species.FEW_REGISTERS && cols % PanelTiles.CHUNK_COLUMNS == 0;
    }

    /**
     * outs[i] = act(x · weightᵀ + bias) of projection i, all in one parallel region.
     *
     * @param own whether each thread copies x for itself
     * @param buffer for x, if it is copied for all threads
     */
    void project(Matrix x, List<Projection> projections, List<Matrix> outs, boolean own, RetainedFloats buffer) {
        TokenBlocks all = own ? null : blocks(x.rows(), x.cols(), buffer);
        if (!own) pool.forEachRange(x.rows(), 1, (from, to) -> all.load(x, from, to));
        run(x, all, projections, (task, sums, i, panel, in, w, next) -> task.multiply(in, w, panel, 0, sums, outs.get(i), next));
    }

    /**
     * out = projection down of projection up of x, which each thread copies for itself.
     *
     * @param buffer for what is between the products
     */
    void mlp(Matrix x, Projection up, Projection down, RetainedFloats buffer, Matrix out) {
        TokenBlocks between = blocks(x.rows(), down.weight().cols(), buffer);
        run(x, null, List.of(up), (task, sums, i, panel, in, w, next) -> {
            ChunkTask.Rows rows = ChunkTask.Rows.of(between, panel * ROWS);
            task.multiply(in, w, panel, 0, rows, rows, next);
        });
        run(null, between, List.of(down), (task, sums, i, panel, in, w, next) -> task.multiply(in, w, panel, 0, sums, out, next));
    }

    private static TokenBlocks blocks(int tokens, int cols, RetainedFloats floats) {
        return new TokenBlocks(tokens, cols, floats.atLeast(Math.toIntExact(PackingLimits.floats(tokens, cols))));
    }

    /** Multiplies all tokens with a panel of projection i. */
    @FunctionalInterface
    private interface PanelProductTask {
        void run(ChunkTask task, ChunkTask.Rows sums, int i, int panel, TokenBlocks x, Panels w, Next next);
    }

    /** Runs the task for all panels; x has the tokens if {@code shared}, the same copied, is null. */
    private void run(Matrix x, TokenBlocks shared, List<Projection> projections, PanelProductTask product) {
        Panels[] panels = projections.stream().map(Panels::of).toArray(Panels[]::new);
        int[] firsts = new int[panels.length + 1];
        for (int i = 0; i < panels.length; i++) firsts[i + 1] = firsts[i] + panels[i].count();
        int tokens = shared == null ? x.rows() : shared.tokens();
        TokenGroups groups = TokenGroups.of(tokens);
        ChunkMatmul.Buffers[] buffers = bufferPool.acquire();
        TokenBlocks[] copies = new TokenBlocks[pool.threads()];
        pool.forEachNeighbour(firsts[panels.length], (thread, position, nextPosition) -> {
            if (buffers[thread] == null) buffers[thread] = new ChunkMatmul.Buffers();
            if (copies[thread] == null) copies[thread] = shared != null ? shared : copy(x, buffers[thread].in);
            int i = projection(firsts, position);
            Next next = null;
            if (nextPosition >= 0) {
                int n = projection(firsts, nextPosition);
                next = new Next(panels[n], panels[n].offset(nextPosition - firsts[n], 0));
            }
            ChunkTask.Rows sums = new ChunkTask.Rows(buffers[thread].sums.atLeast(tokens * ROWS), 0, ROWS);
            product.run(new ChunkTask(groups, buffers[thread]), sums, i, position - firsts[i], copies[thread], panels[i], next);
        });
        bufferPool.release(buffers);
    }

    private static TokenBlocks copy(Matrix x, RetainedFloats floats) {
        TokenBlocks blocks = blocks(x.rows(), x.cols(), floats);
        blocks.load(x);
        return blocks;
    }

    private static int projection(int[] firsts, int task) {
        int i = 0;
        while (firsts[i + 1] <= task) i++;
        return i;
    }
}
