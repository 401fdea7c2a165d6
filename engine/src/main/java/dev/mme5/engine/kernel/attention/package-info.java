/**
 * Flash attention: softmax(q · kᵀ / √size) · v without storing the score matrix. Start with
 * {@link dev.mme5.engine.kernel.attention.VectorAttention}. A task ({@code AttentionTask}) takes some queries of one key head through all
 * key blocks; {@code OnlineSoftmax} holds their running maxima, denominators and numerators.
 */
package dev.mme5.engine.kernel.attention;
