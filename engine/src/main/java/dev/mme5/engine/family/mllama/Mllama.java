package dev.mme5.engine.family.mllama;

import dev.mme5.engine.family.EmbeddedBatch;
import dev.mme5.engine.family.EmbeddingNetwork;
import dev.mme5.engine.family.ImageState;
import dev.mme5.engine.family.PreparedImage;
import dev.mme5.engine.family.SequenceBatch;
import dev.mme5.engine.family.TokenCount;
import dev.mme5.engine.family.mllama.text.DistinctTokens;
import dev.mme5.engine.family.mllama.text.TextDecoder;
import dev.mme5.engine.family.mllama.text.VisionStates;
import dev.mme5.engine.family.mllama.tiling.TiledImage;
import dev.mme5.engine.family.mllama.vision.VisionEncoder;
import dev.mme5.engine.family.mllama.vision.VisionFeatures;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.LastTokenPooling;
import dev.mme5.engine.nn.StateCache;
import dev.mme5.engine.nn.Trace;
import dev.mme5.weights.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The forward pass; start reading here. Images go through the vision encoder and the projector to the keys and values of the
 * decoder's cross-attention layers; token ids go through the decoder; the last token's state, scaled to unit length, is the
 * embedding (reference section 1).
 */
final class Mllama implements EmbeddingNetwork {
    private final MllamaConfig config;
    private final VisionEncoder vision;
    private final Projector projector;
    private final TextDecoder decoder;
    private final LastTokenPooling pooling;

    /** Whether the states of absent tiles are there. */
    private record StateVariant(boolean withAbsentTiles) {}

    private Mllama(Weights w, MllamaConfig c, Kernels kernels) {
        this.config = c;
        this.vision = VisionEncoder.load(w.at("vision_model"), c.vision(), kernels);
        this.projector = Projector.load(
                w.at("multi_modal_projector"), c.vision().features(), c.text().hidden(), kernels);
        this.decoder = TextDecoder.load(w.at("language_model"), c.text(), c.imageTokenId(), kernels);
        this.pooling = new LastTokenPooling(kernels);
    }

    static Mllama load(Weights w, MllamaConfig c, Kernels kernels) {
        return new Mllama(w, c, kernels);
    }

    @Override
    public Object stateVariant(int[][] ids) {
        return new StateVariant(Arrays.stream(ids).anyMatch(decoder::readsAbsentTiles));
    }

    @Override
    public ImageState imageState(PreparedImage prepared, int[][] ids, Trace trace) {
        TiledImage image = (TiledImage) prepared;
        boolean withAbsentTiles = trace.enabled() || Arrays.stream(ids).anyMatch(decoder::readsAbsentTiles);
        traceInput(image, trace);
        VisionFeatures features = vision.forward(image, withAbsentTiles, trace);
        Matrix projected = projector.forward(features.rows());
        if (trace.enabled()) {
            int tiles = config.vision().maxTiles();
            int tokens = config.vision().tileTokens();
            trace.stage("vision.output", () -> features.expand(features.rows()), 1, tiles, tokens, config.vision().features());
            trace.stage("projected", () -> features.expand(projected), 1, tiles, tokens, config.text().hidden());
        }
        return decoder.visionStates(projected, features.realRows(), features.multiplicities());
    }

    @Override
    public EmbeddedBatch embed(SequenceBatch batch, Trace trace) {
        List<VisionStates> states = batch.images().stream().map(VisionStates.class::cast).toList();
        Optional<VisionStates> images = states.isEmpty() ? Optional.empty() : Optional.of(VisionStates.join(states));
        TextDecoder.Decoded decoded = decoder.forward(batch.ids(), images, trace);
        pooling.forward(decoded.last(), trace);
        return new EmbeddedBatch(decoded.last(), decoded.sharedTokens(), decoded.cachedTokens());
    }

    @Override
    public TokenCount tokenCount() {
        return new DistinctTokens();
    }

    @Override
    public StateCache prefixCache() {
        return decoder.prefixCache();
    }

    /** The image as the reference's processor gives it: absent tiles are zeros. */
    private void traceInput(TiledImage image, Trace trace) {
        if (!trace.enabled()) return;
        int maxTiles = config.vision().maxTiles();
        int size = image.tileSize();
        trace.stage("aspect_ratio_ids", () -> Matrix.row(image.aspectRatioId()), 1);
        trace.stage("num_tiles", () -> Matrix.row(image.grid().tiles()), 1);
        trace.stage("pixel_values", () -> pixels(image, maxTiles), 1, maxTiles, 3, size, size);
    }

    private static Matrix pixels(TiledImage image, int maxTiles) {
        int tileFloats = 3 * image.tileSize() * image.tileSize();
        Matrix pixels = Matrix.zeros(maxTiles, tileFloats);
        for (int tile = 0; tile < image.grid().tiles(); tile++) image.pixels(tile, pixels.data(), tile * tileFloats);
        return pixels;
    }
}
