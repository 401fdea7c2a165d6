package dev.mme5.benchmarks;

import dev.mme5.engine.model.MllamaConfig;
import dev.mme5.engine.text.TextConfig;
import dev.mme5.engine.vision.VisionConfig;

/**
 * Floating-point operations that an embedding needs, a multiply-add counted as two, after everything that need not be computed
 * is left out (reference section 12, with equal absent tiles). Norms, softmax and the like are not counted.
 *
 * @param config the model
 */
record Work(MllamaConfig config) {
    /** A text of so many tokens, without pictures. */
    double text(int tokens) {
        return decoder(tokens, 0);
    }

    /** A prompt of so many tokens, image token first, about one picture of so many real tiles. */
    double picture(int tokens, int realTiles) {
        return vision(realTiles) + decoder(tokens, realTiles * config.vision().tileTokens());
    }

    private double decoder(int tokens, int imageTokens) {
        TextConfig c = config.text();
        double projections = 2.0 * 2 * c.hidden() * c.hidden();
        double keysAndValues = 2.0 * 2 * c.hidden() * c.kvWidth();
        double mlp = 2.0 * 3 * c.hidden() * c.mlpHidden();
        int cross = imageTokens == 0 ? 0 : c.crossAttentionLayers().size();
        int self = c.layers() - c.crossAttentionLayers().size();
        double pairs = tokens * (tokens + 1) / 2.0;

        double allButLast = (self - 1) * (tokens * (projections + keysAndValues + mlp) + 4 * pairs * c.hidden());
        double last = tokens * keysAndValues + projections + mlp + 4.0 * tokens * c.hidden();
        double crossLayers =
                cross * (tokens * (projections + mlp + 4.0 * imageTokens * c.hidden()) + imageTokens * keysAndValues);
        return allButLast + last + crossLayers;
    }

    private double vision(int realTiles) {
        VisionConfig c = config.vision();
        double real = realTiles * c.tileTokens();
        int absentTiles = realTiles < c.maxTiles() ? 1 : 0;
        double tiles = (realTiles + absentTiles) * (double) c.tileTokens();
        double patches = 2.0 * realTiles * (c.tileTokens() - 1) * 3 * c.patchSize() * c.patchSize() * c.hidden();
        double local = c.layers() * block(tiles + 1, tiles + 1, real);
        double globalRows = tiles + realTiles + absentTiles;
        double global = (c.globalLayers() - 1) * block(globalRows, globalRows, real) + block(real, globalRows, real);
        double projector = 2.0 * real * c.features() * config.text().hidden();
        return patches + local + global + projector;
    }

    /** One block with so many queries, keys, and real tokens, which are the only ones that padding sees. */
    private double block(double queries, double keys, double real) {
        VisionConfig c = config.vision();
        double linear = 2 * c.hidden() * (2.0 * queries * c.hidden() + 2.0 * keys * c.hidden() + 2.0 * queries * c.mlpHidden());
        double attention = 4 * c.hidden() * (real * keys + (queries - real) * real);
        return linear + attention;
    }
}
