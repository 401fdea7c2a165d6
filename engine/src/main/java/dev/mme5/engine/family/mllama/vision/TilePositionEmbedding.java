package dev.mme5.engine.family.mllama.vision;

import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.EmbeddingTable;
import dev.mme5.weights.Weights;

/**
 * Adds the tile and its grid to tokens: x += tanh(gate) · embedding[aspect ratio id][tile]. Once before the local layers, on
 * patches, and once after them, on every token (reference sections 5.2 and 5.6).
 */
final class TilePositionEmbedding {
    private final EmbeddingTable table;
    private final float gate;
    private final int tiles;
    private final int hidden;
    private final Kernels kernels;

    private TilePositionEmbedding(EmbeddingTable table, float gate, int tiles, int hidden, Kernels kernels) {
        this.table = table;
        this.gate = gate;
        this.tiles = tiles;
        this.hidden = hidden;
        this.kernels = kernels;
    }

    static TilePositionEmbedding load(Weights w, VisionConfig c, Kernels kernels) {
        return new TilePositionEmbedding(
                EmbeddingTable.load(w.at("embedding"), c.tileGrids().size() + 1, c.maxTiles() * c.hidden(), kernels),
                (float) StrictMath.tanh(w.scalar("gate")),
                c.maxTiles(),
                c.hidden(),
                kernels);
    }

    /** The vector of each tile, [tiles, hidden]; {@link #add} adds one row of it. */
    Matrix tiles(int aspectRatioId) {
        Matrix vectors = Matrix.zeros(tiles, hidden);
        table.row(aspectRatioId, vectors);
        return vectors;
    }

    /** x [tokens of one tile, hidden] += tanh(gate) · row. */
    void add(Matrix x, Matrix row) {
        kernels.addScaled(x, gate, row);
    }

    boolean isAlike(int aspectRatioId, int oneTile, int otherTile) {
        return table.samePieces(aspectRatioId, tiles, oneTile, otherTile);
    }
}
