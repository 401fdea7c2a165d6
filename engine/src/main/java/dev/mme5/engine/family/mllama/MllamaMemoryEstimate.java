package dev.mme5.engine.family.mllama;

import dev.mme5.engine.family.PassMemory;
import dev.mme5.engine.family.mllama.text.TextDecoder;
import dev.mme5.engine.family.mllama.tiling.TiledImage;
import dev.mme5.engine.family.mllama.vision.VisionConfig;
import dev.mme5.engine.family.mllama.vision.VisionEncoder;

/** Memory of a pass, composed of the estimates of its stages; images have all their tiles, absent ones included. */
record MllamaMemoryEstimate(MllamaConfig config) implements PassMemory {
    @Override
    public long bytes(long tokens, long sequences, int images) {
        long decoder = TextDecoder.workingBytes(config.text(), tokens, sequences);
        if (images == 0) return decoder;
        VisionConfig vision = config.vision();
        long states = TextDecoder.visionStateBytes(config.text(), imageTokens());
        long encoder = VisionEncoder.workingBytes(vision);
        long projection = VisionEncoder.featureBytes(vision) + Projector.bytes(imageTokens(), config.text().hidden()) + states;
        long oneByOne = Math.max(encoder, projection) + (images - 1) * states;
        long held = images == 1 ? states : 2 * images * states; // several are joined
        return Math.max(oneByOne, decoder + held);
    }

    @Override
    public long preparedBytes(int images) {
        return images * TiledImage.canvasBytes(config.vision().maxTiles(), config.vision().tileSize());
    }

    @Override
    public long maxRows(long tokens, int images) {
        return Math.max(tokens, images == 0 ? 0 : imageTokens());
    }

    @Override
    public int maxWidth(int images) {
        int ofText = config.text().mlpHidden();
        return images == 0 ? ofText : Math.max(ofText, Math.max(config.vision().mlpHidden(), config.vision().features()));
    }

    private long imageTokens() {
        return (long) config.vision().maxTiles() * config.vision().tileTokens();
    }
}
