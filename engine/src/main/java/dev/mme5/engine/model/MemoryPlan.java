package dev.mme5.engine.model;

import dev.mme5.engine.text.TextDecoder;
import dev.mme5.engine.vision.VisionConfig;
import dev.mme5.engine.vision.VisionEncoder;
import dev.mme5.weights.Quantization;
import java.util.Optional;

/**
 * What runs need of the heap, computed from the configuration and the weights' scheme alone. Weights are mapped and need none.
 *
 * @param config the model
 * @param scheme how its weights are quantised, if they are
 * @param threads threads that compute: each has working buffers of its own
 */
public record MemoryPlan(MllamaConfig config, Optional<Quantization> scheme, int threads) {
    /** What Java and the engine themselves hold. */
    private static final long FIXED = 8L << 20;

    /** Working buffers of the kernels for one thread. */
    private static final long PER_THREAD = 2L << 20;

    /**
     * Reading the tokenizer, for each id. With 128,256 ids and 280,147 merges, as many as Llama 3 has, a run on a short text fails in 80
     * MB of heap and works in 84, whatever the layers.
     */
    private static final long PER_ID = 600;

    /** Activations that a product of floats holds turned at most, and the tokens of a panel, which is whole. */
    private static final long MOST_TURNED = 4L << 20;

    private static final long PANEL = 32;

    /** Activations that a product with four-bit weights holds as integers at most; each takes two bytes there. */
    private static final long MOST_CODES = 4L << 20;

    /** Red, green and blue twice: as they are in the file, and resized or turned. */
    private static final long PER_PIXEL = 6;

    /** Of each picture: that of the inputs that are computed, and of the next one. */
    private static final long CANVASES = 2;

    /** More tokens at once make products no faster. */
    private static final int MOST_TOKENS_AT_ONCE = 512;

    private static final int FEWEST_TOKENS_AT_ONCE = 32;

    /** Bytes that an open model holds, whatever it runs. */
    public long open() {
        return FIXED + PER_THREAD * threads + PER_ID * config.text().ids();
    }

    /** Bytes for a text of so many tokens, the open model included. */
    public long text(long tokens) {
        return open() + TextDecoder.workingBytes(config.text(), tokens) + copies(tokens, config.text().mlpHidden());
    }

    /** Bytes for a prompt of so many tokens about so many pictures, each of all its tiles, the open model included. */
    public long prompt(long tokens, int pictures) {
        if (pictures == 0) return text(tokens);
        VisionConfig vision = config.vision();
        long imageTokens = (long) vision.maxTiles() * vision.tileTokens();
        long states = TextDecoder.imageBytes(config.text(), imageTokens);
        long tower = VisionEncoder.workingBytes(vision) + copies(imageTokens, vision.mlpHidden());
        long projected = Float.BYTES * imageTokens * config.text().hidden();
        long projection = VisionEncoder.featureBytes(vision) + projected + states + copies(imageTokens, vision.features());
        long canvases = CANVASES * pictures * 3 * vision.maxTiles() * vision.tileSize() * vision.tileSize();
        long oneByOne = open() + canvases + Math.max(tower, projection) + (pictures - 1) * states;
        long kept = pictures == 1 ? states : 2 * pictures * states; // several are joined
        return Math.max(oneByOne, text(tokens) + canvases + kept);
    }

    /**
     * Bytes for decoding a picture of so many pixels, the open model included, its file not: of three channels, resized to less than
     * it was. While a pass runs the next picture is only decoded if there is room for that beside the pass.
     */
    public long decoding(long pixels) {
        return open() + PER_PIXEL * pixels;
    }

    /** What the products of so many tokens, each of so many numbers at most, hold beside their result. */
    private long copies(long tokens, int widest) {
        long turned = Float.BYTES * Math.min(Math.ceilDiv(tokens, PANEL) * PANEL * widest, MOST_TURNED);
        if (scheme.filter(Quantization.INT4::equals).isEmpty()) return turned;
        long codes = Math.min(tokens * widest, MOST_CODES);
        return turned + codes * Short.BYTES + codes / Quantization.INT4.group() * Float.BYTES; // some weights may have been kept
    }

    /** How many tokens of texts should go through the decoder together where the heap has so many bytes: a power of two. */
    public int tokensAtOnce(long heapBytes) {
        int tokens = MOST_TOKENS_AT_ONCE;
        while (tokens > FEWEST_TOKENS_AT_ONCE && text(tokens) > heapBytes / 4 * 3) tokens /= 2;
        return tokens;
    }
}
