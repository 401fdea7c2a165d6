package dev.mme5.engine.family.mllama;

import dev.mme5.engine.family.mllama.text.TextDecoder;
import dev.mme5.engine.family.mllama.vision.VisionConfig;
import dev.mme5.engine.family.mllama.vision.VisionEncoder;
import dev.mme5.engine.kernel.gemm.PackingLimits;
import dev.mme5.engine.kernel.int4.Int4PackingLimits;
import dev.mme5.weights.QuantizationScheme;
import java.util.Optional;

/**
 * What runs need of the heap, computed from the configuration and the weights' scheme alone. Weights are mapped and need none.
 *
 * @param config the model
 * @param scheme how its weights are quantised, if they are
 * @param threads threads that compute: each has working buffers of its own
 */
public record MllamaMemoryEstimate(MllamaConfig config, Optional<QuantizationScheme> scheme, int threads) {
    /** What Java and the engine themselves hold. */
    private static final long FIXED = 8L << 20;

    /** Working buffers of the kernels for one thread. */
    private static final long PER_THREAD = 2L << 20;

    /**
     * Reading the tokenizer, for each id. With 128,256 ids and 280,147 merges, as many as Llama 3 has, a run on a short text fails in 80
     * MB of heap and works in 84, whatever the layers.
     */
    private static final long PER_ID = 600;

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

    /** Bytes that it keeps between passes: the products keep their tokens turned, and as integers. */
    public long idle() {
        return open() + kept(PackingLimits.MAX_TOKENS, widest(1));
    }

    /** Bytes for a text of so many tokens, the open model included. */
    public long text(long tokens) {
        return prompt(tokens, 0);
    }

    /** Bytes for a prompt of so many tokens about so many pictures, each of all its tiles, the open model included. */
    public long prompt(long tokens, int pictures) {
        long most = Math.max(tokens, pictures == 0 ? 0 : imageTokens());
        return open() + kept(most, widest(pictures)) + pass(tokens, pictures);
    }

    /** Bytes of that which are taken during the pass alone, not kept by the products. */
    public long pass(long tokens, int pictures) {
        long decoder = TextDecoder.workingBytes(config.text(), tokens);
        if (pictures == 0) return decoder;
        VisionConfig vision = config.vision();
        long states = TextDecoder.imageBytes(config.text(), imageTokens());
        long tower = VisionEncoder.workingBytes(vision);
        long projected = Float.BYTES * imageTokens() * config.text().hidden();
        long projection = VisionEncoder.featureBytes(vision) + projected + states;
        long canvases = CANVASES * pictures * 3 * vision.maxTiles() * vision.tileSize() * vision.tileSize();
        long oneByOne = Math.max(tower, projection) + (pictures - 1) * states;
        long kept = pictures == 1 ? states : 2 * pictures * states; // several are joined
        return canvases + Math.max(oneByOne, decoder + kept);
    }

    /**
     * Bytes for decoding a picture of so many pixels, the open model included, its file not: of three channels, resized to less than
     * it was. While a pass runs the next picture is only decoded if there is room for that beside the pass.
     */
    public long decoding(long pixels) {
        return idle() + PER_PIXEL * pixels;
    }

    private long imageTokens() {
        return (long) config.vision().maxTiles() * config.vision().tileTokens();
    }

    /** Most numbers that a token has where it is multiplied. */
    private int widest(int pictures) {
        int ofTexts = config.text().mlpHidden();
        return pictures == 0 ? ofTexts : Math.max(ofTexts, Math.max(config.vision().mlpHidden(), config.vision().features()));
    }

    /** What the products of so many tokens, each of so many numbers at most, keep of them: some weights may not have four bits. */
    private long kept(long tokens, int widest) {
        boolean fourBits = scheme.filter(QuantizationScheme.INT4::equals).isPresent();
        return PackingLimits.retainedBytes(tokens, widest) + (fourBits ? Int4PackingLimits.retainedBytes(tokens, widest) : 0);
    }

    /** How many tokens of texts should go through the decoder together where the heap has so many bytes: a power of two. */
    public int tokensAtOnce(long heapBytes) {
        int tokens = MOST_TOKENS_AT_ONCE;
        while (tokens > FEWEST_TOKENS_AT_ONCE && text(tokens) > heapBytes / 4 * 3) tokens /= 2;
        return tokens;
    }
}
