package dev.mme5.engine.family.mllama.vision;

import dev.mme5.engine.family.mllama.tiling.TiledImage;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.Buffers;
import dev.mme5.engine.nn.Interruption;
import dev.mme5.engine.nn.LayerNorm;
import dev.mme5.engine.nn.Trace;
import dev.mme5.weights.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The vision encoder (reference section 5): tiles in, a feature vector for every token of every tile out.
 *
 * <p>Stages: patches, positions, local layers, gated global layers, features. Images are independent of each other and of the
 * text.
 */
public final class VisionEncoder {
    /** Epsilon of the norms before and after the local layers, whatever norm_eps says. */
    private static final float OUTER_NORM_EPS = 1e-5f;

    private final VisionConfig config;
    private final PatchEmbedding patchEmbedding;
    private final float[] classToken;
    private final TilePositionEmbedding tilePositionBefore;
    private final GatedPositionEmbedding patchPosition;
    private final LayerNorm normBefore;
    private final List<VisionLayer> localLayers = new ArrayList<>();
    private final LayerNorm normAfter;
    private final TilePositionEmbedding tilePositionAfter;
    private final List<VisionLayer> globalLayers = new ArrayList<>();

    private VisionEncoder(Weights w, VisionConfig c, Kernels kernels) {
        this.config = c;
        this.patchEmbedding = PatchEmbedding.load(w.at("patch_embedding"), c, kernels);
        this.classToken = w.vector("class_embedding", c.hidden());
        this.tilePositionBefore = TilePositionEmbedding.load(w.at("pre_tile_positional_embedding"), c, kernels);
        this.patchPosition = GatedPositionEmbedding.load(w.at("gated_positional_embedding"), c, kernels);
        this.normBefore = LayerNorm.load(w.at("layernorm_pre"), c.hidden(), OUTER_NORM_EPS, kernels);
        for (int i = 0; i < c.layers(); i++) {
            localLayers.add(VisionLayer.loadLocal(w.at("transformer.layers").at(i), c, kernels));
        }
        this.normAfter = LayerNorm.load(w.at("layernorm_post"), c.hidden(), OUTER_NORM_EPS, kernels);
        this.tilePositionAfter = TilePositionEmbedding.load(w.at("post_tile_positional_embedding"), c, kernels);
        for (int i = 0; i < c.globalLayers(); i++) {
            globalLayers.add(VisionLayer.loadGlobal(w.at("global_transformer.layers").at(i), c, kernels));
        }
    }

    /** @param w the scope {@code vision_model} */
    public static VisionEncoder load(Weights w, VisionConfig c, Kernels kernels) {
        return new VisionEncoder(w, c, kernels);
    }

    /** Bytes of buffers that one image takes at most. */
    public static long workingBytes(VisionConfig config) {
        VisionRowLayout layout = VisionRowLayout.largest(config);
        return Buffers.bytes(counter -> VisionActivations.allocate(config, layout, counter))
                + Buffers.bytes(counter -> PatchEmbedding.Tile.allocate(config, counter))
                + GatedPositionEmbedding.bytes(config);
    }

    /** Bytes of the features of one image at most: they outlive the other buffers. */
    public static long featureBytes(VisionConfig config) {
        VisionRowLayout layout = VisionRowLayout.largest(config);
        return Buffers.bytes(counter -> VisionActivations.allocateFeatures(config, layout, counter));
    }

    /**
     * The features of one image.
     *
     * @param withAbsentTiles whether to give the features of absent tiles too (reference section 12.5); they are computed as
     *     keys and values in any case
     */
    public VisionFeatures forward(TiledImage image, boolean withAbsentTiles, Trace trace) {
        VisionRowLayout layout = layout(image);
        VisionActivations a = VisionActivations.allocate(config, layout, Buffers.HEAP);
        int wanted = trace.enabled() ? layout.globalRows() : withAbsentTiles ? layout.tileRows() : layout.realRows();

        Matrix x = embed(image, layout, a.tokens(), trace);
        for (int i = 0; i < localLayers.size(); i++) {
            keepFeatures(i, x, a.features());
            localLayers.get(i).forward(x, x.rows(), layout.localMask(), a);
            Interruption.check();
            traceLayer("vision.transformer." + i, x, layout, trace);
        }
        keepFeatures(localLayers.size(), x, a.features());

        Matrix z = toGlobal(image, layout, x, a.tokens(), trace);
        for (int i = 0; i < globalLayers.size(); i++) {
            boolean last = i == globalLayers.size() - 1;
            globalLayers.get(i).forward(z, last ? wanted : z.rows(), layout.globalMask(), a);
            Interruption.check();
            traceLayer("vision.global_transformer." + i, z, layout, trace);
        }
        finalFeatures(z, a.features());

        int rows = withAbsentTiles ? layout.tileRows() : layout.realRows();
        return new VisionFeatures(a.features().rows(0, rows), layout);
    }

    /** Stages 1 and 2: patches, class token, positions, norm; then the one padding token, a zero vector. */
    private Matrix embed(TiledImage image, VisionRowLayout layout, Matrix buffer, Trace trace) {
        Matrix x = buffer.rows(0, layout.localRows());
        int tokens = layout.tileTokens();
        PatchEmbedding.Tile buffers = PatchEmbedding.Tile.allocate(config, Buffers.HEAP);
        for (int tile = 0; tile < layout.realTiles(); tile++) {
            patchEmbedding.forward(image, tile, buffers, x.rows(tile * tokens + 1, (tile + 1) * tokens));
        }
        traceTiles("vision.patch_embedding", x, 1, layout, trace, layout.maxTiles());

        Matrix ofTile = tilePositionBefore.tiles(image.aspectRatioId());
        for (int tile = 0; tile < layout.tiles(); tile++) {
            tilePositionBefore.add(x.rows(tile * tokens + 1, (tile + 1) * tokens), ofTile.rows(tile, tile + 1));
            x.copyRow(Matrix.row(classToken), 0, tile * tokens);
        }
        traceTiles("vision.after_pre_tile", x, 1, layout, trace, 1, layout.maxTiles());

        Matrix tiles = x.rows(0, layout.tileRows());
        patchPosition.forward(tiles, layout, image.aspectRatioId());
        traceTiles("vision.after_position", x, 0, layout, trace, 1, layout.maxTiles());

        normBefore.forward(tiles, tiles);
        traceTiles("vision.layernorm_pre", x, 0, layout, trace, 1, layout.maxTiles());
        return x;
    }

    /** Between the two transformers: norm, and the tile's position for every token. From here on each tile has its own padding row. */
    private Matrix toGlobal(TiledImage image, VisionRowLayout layout, Matrix x, Matrix buffer, Trace trace) {
        normAfter.forward(x, x);
        traceLayer("vision.layernorm_post", x, layout, trace);

        Matrix z = buffer.rows(0, layout.globalRows());
        int tokens = layout.tileTokens();
        for (int row = layout.localRows(); row < layout.globalRows(); row++) z.copyRow(z, layout.tileRows(), row);
        Matrix ofTile = tilePositionAfter.tiles(image.aspectRatioId());
        for (int tile = 0; tile < layout.tiles(); tile++) {
            Matrix own = ofTile.rows(tile, tile + 1);
            tilePositionAfter.add(z.rows(tile * tokens, (tile + 1) * tokens), own);
            tilePositionAfter.add(z.rows(layout.tileRows() + tile, layout.tileRows() + tile + 1), own);
        }
        if (trace.enabled()) {
            trace.stage(
                    "vision.after_post_tile", () -> layout.expand(z, 0, true), 1, layout.maxTiles(), config.paddedTileTokens(),
                    config.hidden());
        }
        return z;
    }

    /**
     * Keeps the INPUT of local layer {@code layer} where the config asks for it. Intermediate states are interleaved: number
     * hidden + f * K + k of a token is feature f of the k-th of K states (reference section 5.6).
     */
    private void keepFeatures(int layer, Matrix x, Matrix features) {
        int kept = config.intermediateLayers().size();
        for (int k = 0; k < kept; k++) {
            if (config.intermediateLayers().get(k) != layer) continue;
            for (int row = 0; row < features.rows(); row++) {
                int from = x.offset() + row * x.cols();
                int to = features.offset() + row * features.cols() + x.cols() + k;
                for (int f = 0; f < x.cols(); f++) features.data()[to + f * kept] = x.data()[from + f];
            }
        }
    }

    /** The first hidden numbers of every token's features are its final state. */
    private static void finalFeatures(Matrix z, Matrix features) {
        for (int row = 0; row < features.rows(); row++) {
            System.arraycopy(
                    z.data(), z.offset() + row * z.cols(), features.data(), features.offset() + row * features.cols(), z.cols());
        }
    }

    private VisionRowLayout layout(TiledImage image) {
        int real = image.grid().tiles();
        boolean alike = true;
        for (int tile = real + 1; tile < config.maxTiles(); tile++) {
            alike &= tilePositionBefore.isAlike(image.aspectRatioId(), real, tile)
                    && patchPosition.isAlike(image.aspectRatioId(), real, tile)
                    && tilePositionAfter.isAlike(image.aspectRatioId(), real, tile);
        }
        return VisionRowLayout.of(config, real, alike);
    }

    private void traceLayer(String stage, Matrix x, VisionRowLayout layout, Trace trace) {
        if (!trace.enabled()) return;
        int tokens = layout.maxTiles() * config.paddedTileTokens();
        trace.stage(stage, () -> layout.expand(x, 0, true), 1, tokens, config.hidden());
    }

    private void traceTiles(String stage, Matrix x, int firstToken, VisionRowLayout layout, Trace trace, long... leading) {
        if (!trace.enabled()) return;
        long[] shape = Arrays.copyOf(leading, leading.length + 2);
        shape[leading.length] = layout.tileTokens() - firstToken;
        shape[leading.length + 1] = config.hidden();
        trace.stage(stage, () -> layout.expand(x, firstToken, false), shape);
    }
}
