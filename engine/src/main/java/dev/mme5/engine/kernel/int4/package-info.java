/**
 * Matrix products with INT4 weights. Start with {@link dev.mme5.engine.kernel.int4.Int4Matmul}. Activations are quantised to 8-bit
 * integers ({@code ActivationQuantizer}), weights are unpacked into panels of 16-bit integers ({@code Int4WeightPacker}), and
 * {@code Int4MicroKernel} multiplies them exactly in 16 bits, which is faster than float32. With few tokens and weights in panels,
 * {@code Int4PanelMatmul} computes the same sums in floats without unpacking; the sources of its tiles are written by
 * {@code Int4TileSource} among the tests.
 * {@link dev.mme5.engine.kernel.int4.Int4PackingLimits} bounds the retained memory.
 */
package dev.mme5.engine.kernel.int4;
