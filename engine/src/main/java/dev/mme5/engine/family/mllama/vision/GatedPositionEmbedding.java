package dev.mme5.engine.family.mllama.vision;

import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.Buffers;
import dev.mme5.engine.nn.EmbeddingTable;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.Weights;

/**
 * Adds the position in the tile to every token, the class token too: x += (1 - tanh(gate)) · embedding[token] + tanh(gate) ·
 * tile_embedding[aspect ratio id][tile][token] (reference section 5.3).
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
                EmbeddingTable.load(w.at("tile_embedding"), c.tileGrids().size() + 1, rowWidth, kernels),
                (float) StrictMath.tanh(w.scalar("gate")),
                c.maxTiles(),
                kernels);
    }

    /**
     * The two tables that {@link #forward} reads of the checkpoint, widened.
     *
     * @param shared for every tile, [tile tokens, hidden]
     * @param own by tile, [tiles * tile tokens, hidden]
     */
    private record Tables(Matrix shared, Matrix own) {
        static Tables allocate(int tiles, int tileTokens, int hidden, Buffers buffers) {
            return new Tables(buffers.matrix(tileTokens, hidden), buffers.matrix((long) tiles * tileTokens, hidden));
        }
    }

    /** Bytes that {@link #forward} takes for an image, x not counted. */
    static long bytes(VisionConfig c) {
        return Buffers.bytes(counter -> Tables.allocate(c.maxTiles(), c.tileTokens(), c.hidden(), counter));
    }

    /** x [computed tiles * tokens, hidden], in place. */
    void forward(Matrix x, VisionRowLayout layout, int aspectRatioId) {
        int tokens = layout.tileTokens();
        Tables tables = Tables.allocate(tiles, tokens, x.cols(), Buffers.HEAP);
        int[] all = new int[tokens];
        for (int token = 0; token < tokens; token++) all[token] = token;
        kernels.gather(embedding, all, tables.shared());
        tileTable.row(aspectRatioId, tables.own());

        for (int tile = 0; tile < layout.tiles(); tile++) {
            Matrix part = x.rows(tile * tokens, (tile + 1) * tokens);
            kernels.addScaled(part, 1 - gate, tables.shared());
            kernels.addScaled(part, gate, tables.own().rows(tile * tokens, (tile + 1) * tokens));
        }
    }

    boolean isAlike(int aspectRatioId, int oneTile, int otherTile) {
        return tileTable.samePieces(aspectRatioId, tiles, oneTile, otherTile);
    }
}
