package dev.mme5.engine.kernel.attention;

import dev.mme5.engine.kernel.api.AttentionMask;
import dev.mme5.engine.kernel.api.Heads;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.microkernel.TwoVectorMicroKernel;
import dev.mme5.engine.kernel.pool.BufferPool;
import dev.mme5.engine.kernel.pool.WorkerPool;

/**
 * out = softmax(q · kᵀ / √size) · v without storing the score matrix. A task is one key head and a range of the queries that read it;
 * {@link AttentionTask} computes it.
 */
public final class VectorAttention {
    private static final int TASKS_PER_THREAD = 4;

    private final WorkerPool pool;

    public VectorAttention(WorkerPool pool) {
        this.pool = pool;
    }

    /** q and out are [queries, heads * size], k and v [keys, kvHeads * size]; out may be q. */
    public void attend(Matrix q, Matrix k, Matrix v, Heads heads, AttentionMask mask, Matrix out) {
        int lanes = q.rows() * heads.queriesPerKey();
        int wanted = Math.ceilDiv(TASKS_PER_THREAD * pool.threads(), heads.kvHeads());
        int share = Math.ceilDiv(Math.ceilDiv(lanes, wanted), TwoVectorMicroKernel.PANEL) * TwoVectorMicroKernel.PANEL;
        int taskLanes = Math.clamp(share, TwoVectorMicroKernel.PANEL, AttentionTask.MAX_LANES);
        int tasksPerHead = Math.ceilDiv(lanes, taskLanes);
        BufferPool<AttentionTask> taskPool =
                new BufferPool<>(pool.threads(), () -> new AttentionTask(q, k, v, heads, mask, out, taskLanes));
        pool.forEach(heads.kvHeads() * tasksPerHead, task -> {
            int first = task % tasksPerHead * taskLanes;
            AttentionTask attentionTask = taskPool.acquire();
            attentionTask.run(task / tasksPerHead, first, Math.min(lanes - first, taskLanes));
            taskPool.release(attentionTask);
        });
    }
}
