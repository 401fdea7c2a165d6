package dev.mme5.engine.nn.attention;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.Buffers;

/**
 * Working buffers of self-attention; layers of one pass share them.
 *
 * @param query queries; attention overwrites them with its output, [tokens, width]
 * @param key [tokens, kvWidth]
 * @param value [tokens, kvWidth]
 */
public record AttentionBuffers(Matrix query, Matrix key, Matrix value) {
    /**
     * @param width all query heads of a token
     * @param kvWidth all key heads, or all value heads, of a token
     */
    public static AttentionBuffers allocate(long tokens, long width, long kvWidth, Buffers buffers) {
        return new AttentionBuffers(buffers.matrix(tokens, width), buffers.matrix(tokens, kvWidth), buffers.matrix(tokens, kvWidth));
    }
}
