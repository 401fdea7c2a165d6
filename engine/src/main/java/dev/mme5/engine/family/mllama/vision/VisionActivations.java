package dev.mme5.engine.family.mllama.vision;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.Buffers;
import dev.mme5.engine.nn.attention.AttentionBuffers;

/**
 * Every buffer one pass through the vision encoder writes: the memory bill, on one screen. Two passes at once need two of these.
 *
 * @param tokens the hidden states, [tokens, hidden]
 * @param normed the hidden states normed, then the update to add to them, [tokens, hidden]
 * @param attention queries, keys and values of all tokens
 * @param mlp inside the MLP, some tokens at a time, [at most 1024, mlpHidden]
 * @param features the encoder's output, [tokens of tiles, features]
 */
record VisionActivations(Matrix tokens, Matrix normed, AttentionBuffers attention, Matrix mlp, Matrix features) {
    private static final int MLP_TOKENS = 1024;

    static VisionActivations allocate(VisionConfig c, VisionRowLayout layout, Buffers buffers) {
        int tokens = layout.globalRows();
        return new VisionActivations(
                buffers.matrix(tokens, c.hidden()),
                buffers.matrix(tokens, c.hidden()),
                AttentionBuffers.allocate(tokens, c.hidden(), c.hidden(), buffers),
                buffers.matrix(Math.min(tokens, MLP_TOKENS), c.mlpHidden()),
                allocateFeatures(c, layout, buffers));
    }

    static Matrix allocateFeatures(VisionConfig c, VisionRowLayout layout, Buffers buffers) {
        return buffers.matrix(layout.tileRows(), c.features());
    }
}
