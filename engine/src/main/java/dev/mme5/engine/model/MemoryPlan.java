package dev.mme5.engine.model;

import dev.mme5.engine.text.TextDecoder;
import dev.mme5.engine.vision.VisionEncoder;

/**
 * What runs need of the heap, computed from the configuration alone. Weights are mapped and need none.
 *
 * @param config the model
 * @param threads threads that compute: each has working buffers of its own
 */
public record MemoryPlan(MllamaConfig config, int threads) {
    /** What Java and the engine themselves hold. */
    private static final long FIXED = 8L << 20;

    /** Working buffers of the kernels for one thread. */
    private static final long PER_THREAD = 2L << 20;

    /**
     * Reading the tokenizer, for each id. With the Llama 3 vocabulary a run on a short text fails in 58 MB of heap and works in 68,
     * whatever the layers.
     */
    private static final long PER_ID = 450;

    /** More tokens at once make products no faster. */
    private static final int MOST_TOKENS_AT_ONCE = 512;

    private static final int FEWEST_TOKENS_AT_ONCE = 32;

    /** Bytes that an open model holds, whatever it runs. */
    public long open() {
        return FIXED + PER_THREAD * threads + PER_ID * config.text().ids();
    }

    /** Bytes for a text of so many tokens, the open model included. */
    public long text(long tokens) {
        return open() + TextDecoder.workingBytes(config.text(), tokens);
    }

    /** Bytes for a prompt of so many tokens about so many pictures, each of all its tiles, the open model included. */
    public long prompt(long tokens, int pictures) {
        if (pictures == 0) return text(tokens);
        long imageTokens = (long) config.vision().maxTiles() * config.vision().tileTokens();
        long projected = Float.BYTES * imageTokens * config.text().hidden();
        long states = TextDecoder.imageBytes(config.text(), imageTokens);
        long kept = pictures == 1 ? states : 2 * pictures * states; // several are joined
        long vision = VisionEncoder.workingBytes(config.vision()) + projected + states;
        return Math.max(open() + vision + kept - states, text(tokens) + kept);
    }

    /** How many tokens of texts should go through the decoder together where the heap has so many bytes: a power of two. */
    public int tokensAtOnce(long heapBytes) {
        int tokens = MOST_TOKENS_AT_ONCE;
        while (tokens > FEWEST_TOKENS_AT_ONCE && text(tokens) > heapBytes / 4 * 3) tokens /= 2;
        return tokens;
    }
}
