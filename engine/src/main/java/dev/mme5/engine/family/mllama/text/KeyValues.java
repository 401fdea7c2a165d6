package dev.mme5.engine.family.mllama.text;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.Buffers;

/**
 * An image's keys and values for one cross-attention layer.
 *
 * @param keys normed by head, [image tokens, kvWidth]
 * @param values [image tokens, kvWidth]
 */
record KeyValues(Matrix keys, Matrix values) {
    static KeyValues allocate(long imageTokens, int kvWidth, Buffers buffers) {
        return new KeyValues(buffers.matrix(imageTokens, kvWidth), buffers.matrix(imageTokens, kvWidth));
    }

    long bytes() {
        return 2L * Float.BYTES * keys.rows() * keys.cols();
    }
}
