/**
 * Entropy decoding of JPEG (ITU-T T.81): coded bytes to quantised coefficients, one block of 8 x 8 at a time.
 *
 * <p>Start with {@link dev.mme5.engine.image.jpeg.entropy.BlockDecoder}. It has four implementations: Huffman and arithmetic
 * coding, each sequential and progressive. This package knows nothing of components, planes or pixels.
 */
package dev.mme5.engine.image.jpeg.entropy;
