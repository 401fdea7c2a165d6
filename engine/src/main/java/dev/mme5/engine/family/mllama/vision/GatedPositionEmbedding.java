package dev.mme5.engine.family.mllama.vision;

import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.EmbeddingTable;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.Weights;

/**
 * Tells tokens where in their tile they stand, the class token too: x += (1 - tanh(gate)) · embedding[token] + tanh(gate) ·
 * tile_embedding[aspect id][tile][token] (reference section 5.3).
 */
final class GatedPositionEmbedding {
    private final MappedTensor embedding;
    private final EmbeddingTable tileTable;
    private final float gate;
    private final int tiles;
    private final Kernels kernels;

    private GatedPositionEmbedding(MappedTensor embedding, EmbeddingTable tileTable, float gate, int tiles, Kernels kernels) {
        this.embedding = embedding;
        this.tileTable = tileTable;
        this.gate = gate;
        this.tiles = tiles;
        this.kernels = kernels;
    }

    static GatedPositionEmbedding load(Weights w, VisionConfig c, Kernels kernels) {
        int rowWidth = Math.multiplyExact(c.maxTiles() * c.tileTokens(), c.hidden());
        return new GatedPositionEmbedding(
                w.tensor("embedding", c.tileTokens(), c.hidden()),
                EmbeddingTable.load(w.at("tile_embedding"), c.arrangements().size() + 1, rowWidth, kernels),
                (float) StrictMath.tanh(w.scalar("gate")),
                c.maxTiles(),
                kernels);
    }

    /** Bytes that {@link #forward} takes for an image beside x. */
    static long bytes(VisionConfig c) {
        return (long) Float.BYTES * (c.maxTiles() + 1) * c.tileTokens() * c.hidden();
    }

    /** x [computed tiles * tokens, hidden], in place. */
    void forward(Matrix x, VisionRowLayout layout, int aspectId) {
        int tokens = layout.tileTokens();
        Matrix shared = Matrix.zeros(tokens, x.cols());
        int[] all = new int[tokens];
        for (int token = 0; token < tokens; token++) all[token] = token;
        kernels.gather(embedding, all, shared);
        Matrix own = tileTable.row(aspectId, tiles * tokens);

        for (int tile = 0; tile < layout.tiles(); tile++) {
            Matrix part = x.rows(tile * tokens, (tile + 1) * tokens);
            kernels.addScaled(part, 1 - gate, shared);
            kernels.addScaled(part, gate, own.rows(tile * tokens, (tile + 1) * tokens));
        }
    }

    boolean alike(int aspectId, int oneTile, int otherTile) {
        return tileTable.samePieces(aspectId, tiles, oneTile, otherTile);
    }
}
