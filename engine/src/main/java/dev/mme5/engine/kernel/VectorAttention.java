package dev.mme5.engine.kernel;

/**
 * out = softmax(q · kᵀ / √size) · v without the matrix of scores. A task is one key head and a run of the queries that read it:
 * see {@link AttentionTile}.
 */
final class VectorAttention {
    private final WorkerPool pool;

    VectorAttention(WorkerPool pool) {
        this.pool = pool;
    }

    void attend(Matrix q, Matrix k, Matrix v, Heads heads, AttentionMask mask, Matrix out) {
        int lanes = q.rows() * heads.queriesPerKey();
        int tiles = Math.ceilDiv(lanes, AttentionTile.MAX_LANES);
        Spares<AttentionTile> spares = new Spares<>(pool.threads(), () -> new AttentionTile(q, k, v, heads, mask, out));
        pool.forEach(heads.kvHeads() * tiles, task -> {
            AttentionTile tile = spares.take();
            tile.run(task / tiles, task % tiles * AttentionTile.MAX_LANES);
            spares.giveBack(tile);
        });
    }
}
