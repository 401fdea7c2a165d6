package dev.mme5.engine.family.mllama;

import dev.mme5.engine.family.mllama.text.TextDecoder;
import dev.mme5.engine.family.mllama.text.VisionStates;
import dev.mme5.engine.family.mllama.tiling.TiledImage;
import dev.mme5.engine.family.mllama.vision.VisionEncoder;
import dev.mme5.engine.family.mllama.vision.VisionFeatures;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.LastTokenPooling;
import dev.mme5.engine.nn.Trace;
import dev.mme5.weights.Weights;
import java.util.List;
import java.util.Optional;

/**
 * Mllama as an embedding model; start reading here. Pictures go through the vision tower and the projector to what the
 * decoder's cross-attention layers read; token ids go through the decoder; the last token's state, scaled to unit length, is
 * the embedding (reference section 1).
 */
public final class Mllama {
    private final MllamaConfig config;
    private final VisionEncoder vision;
    private final Projector projector;
    private final TextDecoder decoder;
    private final LastTokenPooling pooling;

    private Mllama(Weights w, MllamaConfig c, Kernels kernels) {
        this.config = c;
        this.vision = VisionEncoder.load(w.at("vision_model"), c.vision(), kernels);
        this.projector = Projector.load(
                w.at("multi_modal_projector"), c.vision().features(), c.text().hidden(), kernels);
        this.decoder = TextDecoder.load(w.at("language_model"), c.text(), c.imageTokenId(), kernels);
        this.pooling = new LastTokenPooling(kernels);
    }

    /** @throws dev.mme5.json.ModelFormatException when a tensor is missing or misshapen */
    public static Mllama load(Weights w, MllamaConfig c, Kernels kernels) {
        return new Mllama(w, c, kernels);
    }

    /**
     * What the decoder reads of one picture: the same for every prompt.
     *
     * @param withAbsent whether some prompt {@linkplain #readsAbsentTiles reads absent tiles}
     */
    public VisionStates image(TiledImage image, boolean withAbsent, Trace trace) {
        VisionFeatures features = vision.forward(image, withAbsent, trace);
        Matrix projected = projector.forward(features.rows());
        if (trace.enabled()) {
            int tiles = config.vision().maxTiles();
            int tokens = config.vision().tileTokens();
            trace.stage("vision.output", () -> features.expand(features.rows()), 1, tiles, tokens, config.vision().features());
            trace.stage("projected", () -> features.expand(projected), 1, tiles, tokens, config.text().hidden());
        }
        return decoder.imageStates(projected, features.realRows(), features.multiplicities());
    }

    /** Tiles that every picture is given, absent ones included. */
    public int maxTiles() {
        return config.vision().maxTiles();
    }

    /** Whether some token stands before the first picture of this text. */
    public boolean readsAbsentTiles(int[] ids) {
        return decoder.readsAbsentTiles(ids);
    }

    /**
     * Unit vectors of several texts, [texts, hidden].
     *
     * @param ids token ids of each text; none is empty
     * @param pictures the pictures that every one of the texts is about; empty for plain texts
     */
    public Matrix embed(int[][] ids, List<VisionStates> pictures, Trace trace) {
        Optional<VisionStates> image = pictures.isEmpty() ? Optional.empty() : Optional.of(VisionStates.join(pictures));
        Matrix last = decoder.forward(ids, image, trace);
        pooling.forward(last, trace);
        return last;
    }
}
