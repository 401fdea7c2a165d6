package dev.mme5.engine.family.mllama.text;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.Buffers;
import dev.mme5.engine.nn.attention.AttentionBuffers;

/**
 * Every buffer one pass through the decoder writes: the memory bill, on one screen. Two passes at once need two of these.
 *
 * @param tokens the hidden states, [tokens, hidden]
 * @param normed the hidden states normed, then the update to add to them, [tokens, hidden]
 * @param attention queries, keys and values of all tokens
 * @param gate inside the MLP, some tokens at a time, [at most 512, mlpHidden]
 * @param up of the same shape
 * @param last the last token of every sequence, [sequences, hidden]
 * @param lastNormed those normed, then the update to add to them, [sequences, hidden]
 */
record TextActivations(
        Matrix tokens, Matrix normed, AttentionBuffers attention, Matrix gate, Matrix up, Matrix last, Matrix lastNormed) {
    private static final int MLP_TOKENS = 512;

    static TextActivations allocate(TextConfig c, long tokens, long sequences, Buffers buffers) {
        long mlpTokens = Math.min(tokens, MLP_TOKENS);
        return new TextActivations(
                buffers.matrix(tokens, c.hidden()),
                buffers.matrix(tokens, c.hidden()),
                AttentionBuffers.allocate(tokens, c.hidden(), c.kvWidth(), buffers),
                buffers.matrix(mlpTokens, c.mlpHidden()),
                buffers.matrix(mlpTokens, c.mlpHidden()),
                buffers.matrix(sequences, c.hidden()),
                buffers.matrix(sequences, c.hidden()));
    }
}
