package dev.mme5.engine.kernel;

/**
 * out = softmax(q · kᵀ / √size) · v without the matrix of scores. A task is one key head and a run of the queries that read it:
 * see {@link AttentionTile}.
 */
final class VectorAttention {
    private static final int TASKS_PER_THREAD = 4;

    private final WorkerPool pool;

    VectorAttention(WorkerPool pool) {
        this.pool = pool;
    }

    void attend(Matrix q, Matrix k, Matrix v, Heads heads, AttentionMask mask, Matrix out) {
        int lanes = q.rows() * heads.queriesPerKey();
        int wanted = Math.ceilDiv(TASKS_PER_THREAD * pool.threads(), heads.kvHeads());
        int share = Math.ceilDiv(Math.ceilDiv(lanes, wanted), TileKernel.PANEL) * TileKernel.PANEL;
        int tileLanes = Math.clamp(share, TileKernel.PANEL, AttentionTile.MAX_LANES);
        int tiles = Math.ceilDiv(lanes, tileLanes);
        Spares<AttentionTile> spares = new Spares<>(pool.threads(), () -> new AttentionTile(q, k, v, heads, mask, out, tileLanes));
        pool.forEach(heads.kvHeads() * tiles, task -> {
            int first = task % tiles * tileLanes;
            AttentionTile tile = spares.take();
            tile.run(task / tiles, first, Math.min(lanes - first, tileLanes));
            spares.giveBack(tile);
        });
    }
}
