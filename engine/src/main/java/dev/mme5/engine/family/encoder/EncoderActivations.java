package dev.mme5.engine.family.encoder;

import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.Buffers;
import dev.mme5.engine.nn.attention.AttentionBuffers;

/**
 * Every buffer that one pass writes.
 *
 * @param tokens the hidden states, [tokens, hidden]
 * @param update what a sublayer adds to them, [tokens, hidden]
 * @param attention queries, keys and values of all tokens
 * @param mlp inside the MLP, some tokens at a time, [at most 512, mlpHidden]; not used where kernels have buffers of
 *        their own for it ({@link Kernels#mlp})
 */
record EncoderActivations(Matrix tokens, Matrix update, AttentionBuffers attention, Matrix mlp) {
    private static final int MLP_TOKENS = 512;

    static EncoderActivations allocate(EncoderConfig c, long tokens, Buffers buffers) {
        return new EncoderActivations(
                buffers.matrix(tokens, c.hidden()),
                buffers.matrix(tokens, c.hidden()),
                AttentionBuffers.allocate(tokens, c.hidden(), c.hidden(), buffers),
                buffers.matrix(Math.min(tokens, MLP_TOKENS), c.mlpHidden()));
    }
}
