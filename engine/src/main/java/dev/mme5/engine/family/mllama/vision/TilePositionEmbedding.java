package dev.mme5.engine.family.mllama.vision;

import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.EmbeddingTable;
import dev.mme5.weights.Weights;

/**
 * Tells tokens which tile of which arrangement they belong to: x += tanh(gate) · embedding[aspect id][tile]. Once before the
 * local blocks, on patches, and once after them, on every token (reference sections 5.2 and 5.6).
 */
final class TilePositionEmbedding {
    private final EmbeddingTable table;
    private final float gate;
    private final int tiles;
    private final Kernels kernels;

    private TilePositionEmbedding(EmbeddingTable table, float gate, int tiles, Kernels kernels) {
        this.table = table;
        this.gate = gate;
        this.tiles = tiles;
        this.kernels = kernels;
    }

    static TilePositionEmbedding load(Weights w, VisionConfig c, Kernels kernels) {
        return new TilePositionEmbedding(
                EmbeddingTable.load(w.at("embedding"), c.arrangements().size() + 1, c.maxTiles() * c.hidden(), kernels),
                (float) StrictMath.tanh(w.scalar("gate")),
                c.maxTiles(),
                kernels);
    }

    /** What each tile's tokens are given, [tiles, hidden]; {@link #add} adds one row of it. */
    Matrix tiles(int aspectId) {
        return table.row(aspectId, tiles);
    }

    /** x [tokens of one tile, hidden] += tanh(gate) · row. */
    void add(Matrix x, Matrix row) {
        kernels.addScaled(x, gate, row);
    }

    boolean alike(int aspectId, int oneTile, int otherTile) {
        return table.samePieces(aspectId, tiles, oneTile, otherTile);
    }
}
