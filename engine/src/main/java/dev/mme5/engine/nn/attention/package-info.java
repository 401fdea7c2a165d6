/**
 * Attention layers and the positions they use. {@link dev.mme5.engine.nn.attention.GroupedQueryAttention} is causal and rotary,
 * {@link dev.mme5.engine.nn.attention.MultiHeadAttention} takes any mask. Both work on packed rows, without padding, and in
 * {@link dev.mme5.engine.nn.attention.AttentionBuffers} that the caller allocated.
 */
package dev.mme5.engine.nn.attention;
