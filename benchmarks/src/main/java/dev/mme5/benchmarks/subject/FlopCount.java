package dev.mme5.benchmarks.subject;

import dev.mme5.engine.family.mllama.MllamaConfig;
import dev.mme5.engine.family.mllama.text.TextConfig;
import dev.mme5.engine.family.mllama.vision.VisionConfig;

/**
 * Floating-point operations that an embedding needs, a multiply-add counted as two, after everything that need not be computed
 * is left out (reference section 12). Absent tiles are taken to be equal, as in the published checkpoint. Norms, softmax and
 * the like are not counted.
 *
 * @param config the model
 */
record FlopCount(MllamaConfig config) {
    /** A text of so many tokens, without pictures: cross-attention layers are skipped. */
    double text(int tokens) {
        return decoder(tokens, 0, 0, 0);
    }

    /**
     * What every prompt about a picture shares: the vision tower, the projector, and the keys and values of the cross-attention
     * layers.
     *
     * @param withAbsent whether a token of some prompt stands before the image token: it attends to absent tiles too (7.2)
     * @param realTiles tiles that show a part of the picture
     */
    double picture(boolean withAbsent, int realTiles) {
        double shown = tilesForDecoder(withAbsent, realTiles) * (double) config.vision().tileTokens();
        return vision(withAbsent, realTiles) + config.text().crossAttentionLayers().size() * shown * keysAndValues();
    }

    /**
     * The rest, for one prompt.
     *
     * @param tokens of the prompt, the image token among them
     * @param blind how many of them stand before the image token
     */
    double prompt(int tokens, int blind, int realTiles) {
        int tileTokens = config.vision().tileTokens();
        return decoder(tokens, blind, realTiles * tileTokens, tilesForDecoder(blind > 0, realTiles) * tileTokens);
    }

    /**
     * The vision tower and the projector (section 5).
     *
     * @param withAbsent whether the decoder reads absent tiles too
     */
    double vision(boolean withAbsent, int realTiles) {
        VisionConfig c = config.vision();
        double real = realTiles * c.tileTokens();
        int absentTiles = realTiles < c.maxTiles() ? 1 : 0; // one stands for all (12.7)
        double tiles = (realTiles + absentTiles) * (double) c.tileTokens();
        double wanted = tilesForDecoder(withAbsent, realTiles) * (double) c.tileTokens();

        double patches = 2.0 * realTiles * (c.tileTokens() - 1) * 3 * c.patchSize() * c.patchSize() * c.hidden();
        double local = c.layers() * block(tiles + 1, tiles + 1, real); // one padding token stands for all
        double globalRows = tiles + realTiles + absentTiles; // here one for each tile
        double global = (c.globalLayers() - 1) * block(globalRows, globalRows, real) + block(wanted, globalRows, real);
        double projector = 2 * wanted * c.features() * config.text().hidden();
        return patches + local + global + projector;
    }

    private int tilesForDecoder(boolean withAbsent, int realTiles) {
        return withAbsent && realTiles < config.vision().maxTiles() ? realTiles + 1 : realTiles;
    }

    /** All layers (section 6), the last self-attention layer and what follows it for the last token only (12.4). */
    private double decoder(int tokens, int blind, int realKeys, int shownKeys) {
        TextConfig c = config.text();
        int self = c.layers() - c.crossAttentionLayers().size();
        double pairs = tokens * (tokens + 1.0) / 2;
        double allButLast = (self - 1) * (tokens * (queriesAndOutputs() + keysAndValues() + mlp()) + 4 * pairs * c.hidden());
        double last = tokens * keysAndValues() + queriesAndOutputs() + mlp() + 4.0 * tokens * c.hidden();
        return allButLast + last + crossLayers(tokens, blind, realKeys, shownKeys);
    }

    /** Section 7 without keys and values. Where there are no keys, there is no image and nothing to do. Blind tokens need no MLP (12.8). */
    private double crossLayers(int tokens, int blind, int realKeys, int shownKeys) {
        if (realKeys == 0) return 0;
        TextConfig c = config.text();
        int lastSelf = c.layers() - 1;
        while (c.crossAttentionLayers().contains(lastSelf)) lastSelf--;
        int forLastOnly = c.layers() - 1 - lastSelf;
        int forAll = c.crossAttentionLayers().size() - forLastOnly;
        double seeing = queriesAndOutputs() + mlp() + 4.0 * realKeys * c.hidden();
        double notSeeing = queriesAndOutputs() + 4.0 * shownKeys * c.hidden();
        return forAll * ((tokens - blind) * seeing + blind * notSeeing) + forLastOnly * seeing;
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

    /** One vision block with so many queries, keys, and real tokens, which are the only ones that padding sees (5.4). */
    private double block(double queries, double keys, double real) {
        VisionConfig c = config.vision();
        double linear = 2 * c.hidden() * (2 * queries * c.hidden() + 2 * keys * c.hidden() + 2 * queries * c.mlpHidden());
        double attention = 4 * c.hidden() * (real * keys + (queries - real) * real);
        return linear + attention;
    }
}
