package dev.mme5.engine.model;

import dev.mme5.engine.text.TextDecoder;
import dev.mme5.engine.vision.VisionEncoder;

/**
 * What runs need of the heap, computed from the configuration alone. Weights are mapped and need none.
 *
 * @param config the model
 */
public record MemoryPlan(MllamaConfig config) {
    /** Floats that attention and products borrow, and everything small. */
    private static final long OVERHEAD = 16L << 20;

    /** Bytes for a text of so many tokens. */
    public long text(long tokens) {
        return OVERHEAD + TextDecoder.workingBytes(config.text(), tokens);
    }

    /** Bytes for a prompt of so many tokens about so many pictures, each of all its tiles. */
    public long prompt(long tokens, int pictures) {
        if (pictures == 0) return text(tokens);
        long imageTokens = (long) config.vision().maxTiles() * config.vision().tileTokens();
        long projected = Float.BYTES * imageTokens * config.text().hidden();
        long states = TextDecoder.imageBytes(config.text(), imageTokens);
        long kept = pictures == 1 ? states : 2 * pictures * states; // several are joined
        long vision = VisionEncoder.workingBytes(config.vision()) + projected + states;
        return Math.max(OVERHEAD + vision + kept - states, text(tokens) + kept);
    }
}
