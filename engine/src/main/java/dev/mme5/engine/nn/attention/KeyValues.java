package dev.mme5.engine.nn.attention;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.Buffers;

/**
 * Keys and values of some tokens for one layer.
 *
 * @param keys [tokens, kvWidth]
 * @param values [tokens, kvWidth]
 */
public record KeyValues(Matrix keys, Matrix values) {
    /** @param kvWidth all key heads, or all value heads, of a token */
    public static KeyValues allocate(long tokens, int kvWidth, Buffers buffers) {
        return new KeyValues(buffers.matrix(tokens, kvWidth), buffers.matrix(tokens, kvWidth));
    }

    /** Bytes of heap that they take. */
    public long bytes() {
        return 2L * Float.BYTES * keys.rows() * keys.cols();
    }

    /** Tokens from..to of these, not copied. */
    public KeyValues rows(int from, int to) {
        return new KeyValues(keys.rows(from, to), values.rows(from, to));
    }

    /** A copy of tokens from..to. */
    KeyValues copyOf(int from, int to) {
        KeyValues copy = allocate(to - from, keys.cols(), Buffers.HEAP);
        copy.copy(this, from, to, 0);
        return copy;
    }

    /** Copies tokens from..to of source over those from offset on. */
    void copy(KeyValues source, int from, int to, int offset) {
        for (int i = from; i < to; i++) {
            keys.copyRow(source.keys, i, offset + i - from);
            values.copyRow(source.values, i, offset + i - from);
        }
    }
}
