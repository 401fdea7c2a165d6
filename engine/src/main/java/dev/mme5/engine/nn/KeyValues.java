package dev.mme5.engine.nn;

import dev.mme5.engine.kernel.api.Matrix;

/**
 * What one cross-attention layer reads of an image.
 *
 * @param keys normed by head, [image tokens, kvWidth]
 * @param values [image tokens, kvWidth]
 */
public record KeyValues(Matrix keys, Matrix values) {}
