package dev.mme5.engine.family.mllama.text;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.PackedSequences;

/**
 * Every buffer one pass through the decoder writes: the memory bill, on one screen. Two passes at once need two of these.
 *
 * @param tokens the stream itself, [tokens, hidden]
 * @param normed the stream normed, and what is to be added to it, [tokens, hidden]
 * @param query then what the heads have read, [tokens, hidden]
 * @param key [tokens, kvWidth]
 * @param value [tokens, kvWidth]
 * @param gated inside the MLP, for so many tokens at a time, [some tokens, mlpHidden]
 * @param raised of the same shape
 * @param last the last token of every text, [texts, hidden]
 * @param lastNormed those normed, and what is to be added to them, [texts, hidden]
 */
public record TextActivations(
        Matrix tokens,
        Matrix normed,
        Matrix query,
        Matrix key,
        Matrix value,
        Matrix gated,
        Matrix raised,
        Matrix last,
        Matrix lastNormed) {
    private static final int MLP_TOKENS = 512;

    static TextActivations allocate(TextConfig c, PackedSequences s) {
        int tokens = s.total();
        return new TextActivations(
                Matrix.zeros(tokens, c.hidden()),
                Matrix.zeros(tokens, c.hidden()),
                Matrix.zeros(tokens, c.hidden()),
                Matrix.zeros(tokens, c.kvWidth()),
                Matrix.zeros(tokens, c.kvWidth()),
                Matrix.zeros(Math.min(tokens, MLP_TOKENS), c.mlpHidden()),
                Matrix.zeros(Math.min(tokens, MLP_TOKENS), c.mlpHidden()),
                Matrix.zeros(s.count(), c.hidden()),
                Matrix.zeros(s.count(), c.hidden()));
    }

    /** Bytes that {@link #allocate} takes for so many tokens of one text. */
    static long bytes(TextConfig c, long tokens) {
        return Float.BYTES
                * (tokens * (3L * c.hidden() + 2L * c.kvWidth())
                        + 2 * Math.min(tokens, MLP_TOKENS) * c.mlpHidden()
                        + 2L * c.hidden());
    }
}
