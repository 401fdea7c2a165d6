package dev.mme5.engine.kernel.attention;

import dev.mme5.engine.kernel.api.AttentionMask;
import dev.mme5.engine.kernel.api.Heads;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.microkernel.TwoVectorMicroKernel;
import dev.mme5.engine.kernel.pool.BufferPool;
import dev.mme5.engine.kernel.pool.WorkerPool;

/**
 * out = softmax(q · kᵀ / √size) · v without the matrix of scores. A task is one key head and a run of the queries that read it:
 * see {@link AttentionTask}.
 */
public final class VectorAttention {
    private static final int TASKS_PER_THREAD = 4;

    private final WorkerPool pool;

    public VectorAttention(WorkerPool pool) {
        this.pool = pool;
    }

    public void attend(Matrix q, Matrix k, Matrix v, Heads heads, AttentionMask mask, Matrix out) {
        int lanes = q.rows() * heads.queriesPerKey();
        int wanted = Math.ceilDiv(TASKS_PER_THREAD * pool.threads(), heads.kvHeads());
        int share = Math.ceilDiv(Math.ceilDiv(lanes, wanted), TwoVectorMicroKernel.PANEL) * TwoVectorMicroKernel.PANEL;
        int tileLanes = Math.clamp(share, TwoVectorMicroKernel.PANEL, AttentionTask.MAX_LANES);
        int tiles = Math.ceilDiv(lanes, tileLanes);
        BufferPool<AttentionTask> spares = new BufferPool<>(pool.threads(), () -> new AttentionTask(q, k, v, heads, mask, out, tileLanes));
        pool.forEach(heads.kvHeads() * tiles, task -> {
            int first = task % tiles * tileLanes;
            AttentionTask tile = spares.take();
            tile.run(task / tiles, first, Math.min(lanes - first, tileLanes));
            spares.giveBack(tile);
        });
    }
}
