package dev.mme5.engine.family;

import dev.mme5.engine.kernel.api.Matrix;

/**
 * What a pass computed.
 *
 * @param vectors of unit length, [sequences, dimensions]
 * @param sharedTokens how many tokens of each sequence were not computed for it, because they were known, or another sequence of the pass
 *     begins with them too
 * @param cachedTokens of these, known from earlier passes, of all sequences together
 */
public record EmbeddedBatch(Matrix vectors, int[] sharedTokens, long cachedTokens) {
    /** Each token was computed for its own sequence. */
    public EmbeddedBatch(Matrix vectors) {
        this(vectors, new int[vectors.rows()], 0);
    }
}
