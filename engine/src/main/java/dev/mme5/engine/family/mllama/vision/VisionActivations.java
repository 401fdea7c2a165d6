package dev.mme5.engine.family.mllama.vision;

import dev.mme5.engine.kernel.api.Matrix;

/**
 * Every buffer one pass through the vision tower writes: the memory bill, on one screen. Two passes at once need two of these.
 *
 * @param tokens the stream itself, [tokens, hidden]
 * @param normed the stream normed, and what is to be added to it, [tokens, hidden]
 * @param query then what the heads have read, [tokens, hidden]
 * @param key [tokens, hidden]
 * @param value [tokens, hidden]
 * @param mlp inside the MLP, for so many tokens at a time, [some tokens, mlpHidden]
 * @param features what leaves the tower, [tokens of tiles, features]
 */
public record VisionActivations(Matrix tokens, Matrix normed, Matrix query, Matrix key, Matrix value, Matrix mlp, Matrix features) {
    private static final int MLP_TOKENS = 1024;

    static VisionActivations allocate(VisionConfig c, VisionRowLayout layout) {
        int tokens = layout.globalRows();
        return new VisionActivations(
                Matrix.zeros(tokens, c.hidden()),
                Matrix.zeros(tokens, c.hidden()),
                Matrix.zeros(tokens, c.hidden()),
                Matrix.zeros(tokens, c.hidden()),
                Matrix.zeros(tokens, c.hidden()),
                Matrix.zeros(Math.min(tokens, MLP_TOKENS), c.mlpHidden()),
                Matrix.zeros(layout.tileRows(), c.features()));
    }

    /** Bytes that {@link #allocate} takes at most for an image of this model. */
    static long bytes(VisionConfig c) {
        long tokens = (long) c.maxTiles() * (c.tileTokens() + 1);
        return Float.BYTES
                * (tokens * c.hidden() * 5
                        + Math.min(tokens, MLP_TOKENS) * c.mlpHidden())
                + featureBytes(c);
    }

    /** Of those, the bytes of the features. */
    static long featureBytes(VisionConfig c) {
        return (long) Float.BYTES * c.maxTiles() * c.tileTokens() * c.features();
    }
}
