package dev.mme5.benchmarks.subject;

import dev.mme5.engine.family.mllama.MllamaConfig;
import dev.mme5.engine.family.mllama.text.TextConfig;
import dev.mme5.engine.family.mllama.vision.VisionConfig;

/**
 * Floating-point operations that an embedding needs, a multiply-add counted as two. Everything that need not be computed is left out
 * (reference section 12). Absent tiles are assumed to be equal, as in the published checkpoint. Norms, softmax and other small
 * operations are not counted.
 *
 * @param config the model
 */
record FlopCount(MllamaConfig config) {
    /** A text of n tokens without images: cross-attention layers are skipped. */
    double text(int tokens) {
        return decoder(tokens, 0, 0, 0);
    }

    /** The same when an earlier text of the call begins with as many of its first tokens: these have the same states. */
    double text(int tokens, int shared) {
        return text(tokens) - allButLastLayer(shared) - shared * keysAndValues();
    }

    /**
     * The part that all prompts about one image share: vision encoder, projector, and the keys and values of the cross-attention layers.
     *
     * @param withAbsentTiles whether a prompt has tokens before the image token, which attend to absent tiles too (7.2)
     * @param realTiles tiles that hold a part of the image
     */
    double image(boolean withAbsentTiles, int realTiles) {
        double attendedTokens = tilesForDecoder(withAbsentTiles, realTiles) * (double) config.vision().tileTokens();
        return vision(withAbsentTiles, realTiles) + config.text().crossAttentionLayers().size() * attendedTokens * keysAndValues();
    }

    /**
     * The rest, for one prompt.
     *
     * @param tokens tokens of the prompt, including the image token
     * @param tokensBeforeImage tokens before the image token
     */
    double prompt(int tokens, int tokensBeforeImage, int realTiles) {
        int tileTokens = config.vision().tileTokens();
        return decoder(tokens, tokensBeforeImage, realTiles * tileTokens, tilesForDecoder(tokensBeforeImage > 0, realTiles) * tileTokens);
    }

    /**
     * Vision encoder and projector (section 5).
     *
     * @param withAbsentTiles whether the decoder reads absent tiles too
     */
    double vision(boolean withAbsentTiles, int realTiles) {
        VisionConfig c = config.vision();
        double real = realTiles * c.tileTokens();
        int absentTiles = realTiles < c.maxTiles() ? 1 : 0; // one represents all (12.7)
        double tiles = (realTiles + absentTiles) * (double) c.tileTokens();
        double projected = tilesForDecoder(withAbsentTiles, realTiles) * (double) c.tileTokens();

        double patches = 2.0 * realTiles * (c.tileTokens() - 1) * 3 * c.patchSize() * c.patchSize() * c.hidden();
        double local = c.layers() * visionLayer(tiles + 1, tiles + 1, real); // one padding token represents all
        double globalRows = tiles + realTiles + absentTiles; // one padding token for each tile
        double global = (c.globalLayers() - 1) * visionLayer(globalRows, globalRows, real) + visionLayer(projected, globalRows, real);
        double projector = 2 * projected * c.features() * config.text().hidden();
        return patches + local + global + projector;
    }

    private int tilesForDecoder(boolean withAbsentTiles, int realTiles) {
        return withAbsentTiles && realTiles < config.vision().maxTiles() ? realTiles + 1 : realTiles;
    }

    /** All layers (section 6); from the last self-attention layer on, only the last token (12.4). */
    private double decoder(int tokens, int tokensBeforeImage, int realKeys, int attendedKeys) {
        TextConfig c = config.text();
        double last = tokens * keysAndValues() + queriesAndOutputs() + mlp() + 4.0 * tokens * c.hidden();
        return allButLastLayer(tokens) + last + crossLayers(tokens, tokensBeforeImage, realKeys, attendedKeys);
    }

    /** The layers of self-attention but the last. */
    private double allButLastLayer(int tokens) {
        TextConfig c = config.text();
        int self = c.layers() - c.crossAttentionLayers().size();
        double pairs = tokens * (tokens + 1.0) / 2;
        return (self - 1) * (tokens * (queriesAndOutputs() + keysAndValues() + mlp()) + 4 * pairs * c.hidden());
    }

    /** Section 7 without keys and values; nothing without an image. Tokens before the image need no MLP (12.8). */
    private double crossLayers(int tokens, int tokensBeforeImage, int realKeys, int attendedKeys) {
        if (realKeys == 0) return 0;
        TextConfig c = config.text();
        int lastSelf = c.layers() - 1;
        while (c.crossAttentionLayers().contains(lastSelf)) lastSelf--;
        int lastTokenOnly = c.layers() - 1 - lastSelf;
        int allTokens = c.crossAttentionLayers().size() - lastTokenOnly;
        double perImageToken = queriesAndOutputs() + mlp() + 4.0 * realKeys * c.hidden();
        double perTokenBeforeImage = queriesAndOutputs() + 4.0 * attendedKeys * c.hidden();
        return allTokens * ((tokens - tokensBeforeImage) * perImageToken + tokensBeforeImage * perTokenBeforeImage)
                + lastTokenOnly * perImageToken;
    }

    private double queriesAndOutputs() {
        return 2.0 * 2 * config.text().hidden() * config.text().hidden();
    }

    private double keysAndValues() {
        return 2.0 * 2 * config.text().hidden() * config.text().kvWidth();
    }

    private double mlp() {
        return 2.0 * 3 * config.text().hidden() * config.text().mlpHidden();
    }

    /** One vision layer. Padding tokens attend to the real tokens only (5.4). */
    private double visionLayer(double queries, double keys, double real) {
        VisionConfig c = config.vision();
        double linear = 2 * c.hidden() * (2 * queries * c.hidden() + 2 * keys * c.hidden() + 2 * queries * c.mlpHidden());
        double attention = 4 * c.hidden() * (real * keys + (queries - real) * real);
        return linear + attention;
    }
}
