package dev.mme5.engine.text;

import dev.mme5.engine.kernel.Matrix;

/**
 * What one cross-attention layer reads of an image.
 *
 * @param keys normed by head, [image tokens, kvWidth]
 * @param values [image tokens, kvWidth]
 */
record KeyValues(Matrix keys, Matrix values) {}
