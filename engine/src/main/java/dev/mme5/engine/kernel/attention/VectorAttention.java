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

    /** Bytes of the buffers of a task up to which they are kept for the next call: those of small heads, where allocating them shows. */
    private static final long MAX_KEPT_BYTES = 1 << 19;

    private final WorkerPool pool;
    private volatile Kept kept;

    /** Buffers of the last call. */
    private record Kept(Heads heads, int lanes, int keys, BufferPool<AttentionTask> tasks) {
        boolean fits(Heads otherHeads, int otherLanes, int otherKeys) {
            return heads.equals(otherHeads) && lanes >= otherLanes && keys >= otherKeys;
        }
    }

    public VectorAttention(WorkerPool pool) {
        this.pool = pool;
    }

    /** q and out are [queries, heads * size], k and v [keys, kvHeads * size]; out may be q. */
    public void attend(Matrix q, Matrix k, Matrix v, Heads heads, AttentionMask mask, Matrix out) {
        int lanes = q.rows() * heads.queriesPerKey();
        int taskLanes = taskLanes(lanes, Math.ceilDiv(TASKS_PER_THREAD * pool.threads(), heads.kvHeads()));
        int tasksPerHead = Math.ceilDiv(lanes, taskLanes);
        BufferPool<AttentionTask> taskPool = tasks(heads, taskLanes, k.rows());
        pool.forEach(heads.kvHeads() * tasksPerHead, task -> {
            int first = task % tasksPerHead * taskLanes;
            AttentionTask attentionTask = taskPool.acquire().on(q, k, v, mask, out);
            attentionTask.run(task / tasksPerHead, first, Math.min(lanes - first, taskLanes));
            attentionTask.clear();
            taskPool.release(attentionTask);
        });
    }

    private BufferPool<AttentionTask> tasks(Heads heads, int lanes, int keys) {
        Kept last = kept;
        if (last != null && last.fits(heads, lanes, keys)) return last.tasks;
        BufferPool<AttentionTask> tasks = new BufferPool<>(pool.threads(), () -> new AttentionTask(heads, lanes, keys));
        if (AttentionTask.bytes(heads, lanes, keys) <= MAX_KEPT_BYTES) kept = new Kept(heads, lanes, keys, tasks);
        return tasks;
    }

    /** Lanes of a task, a multiple of the panel, when a head is to have that many tasks. */
    private static int taskLanes(int lanes, int wantedTasks) {
        int panel = TwoVectorMicroKernel.PANEL;
        return Math.clamp(Math.ceilDiv(Math.ceilDiv(lanes, wantedTasks), panel) * panel, panel, AttentionTask.MAX_LANES);
    }

    /** The same within each of several sequences, in one parallel region. A task is a head, or a part of it, of one sequence. */
    public void attendWithin(Matrix q, Matrix k, Matrix v, Heads heads, int[] starts, Matrix out) {
        int sequences = starts.length - 1;
        int longest = 0;
        for (int i = 0; i < sequences; i++) longest = Math.max(longest, starts[i + 1] - starts[i]);
        int maxLanes = longest * heads.queriesPerKey();
        int wanted = Math.ceilDiv(Math.ceilDiv(TASKS_PER_THREAD * pool.threads(), heads.kvHeads()), Math.max(1, sequences));
        int taskLanes = taskLanes(maxLanes, wanted);
        int tasksPerHead = Math.max(1, Math.ceilDiv(maxLanes, taskLanes));
        BufferPool<AttentionTask> taskPool = tasks(heads, taskLanes, longest);
        pool.forEachNeighbour(sequences * heads.kvHeads() * tasksPerHead, (thread, task, next) -> {
            int sequence = task / tasksPerHead / heads.kvHeads();
            int from = starts[sequence];
            int to = starts[sequence + 1];
            int first = task % tasksPerHead * taskLanes;
            int lanes = (to - from) * heads.queriesPerKey();
            if (first >= lanes) return;
            AttentionTask attentionTask = taskPool.acquire()
                    .on(q.rows(from, to), k.rows(from, to), v.rows(from, to), new AttentionMask.Full(to - from), out.rows(from, to));
            attentionTask.run(task / tasksPerHead % heads.kvHeads(), first, Math.min(lanes - first, taskLanes));
            attentionTask.clear();
            taskPool.release(attentionTask);
        });
    }
}
