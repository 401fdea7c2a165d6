/**
 * Layers that more than one model family can use. A layer loads its weights from a scope ({@code load}, next to the names of its
 * tensors) and computes one formula ({@code forward}); it takes sizes and buffers, never the configuration of a model. Start
 * with {@link dev.mme5.engine.nn.Linear}, then {@link dev.mme5.engine.nn.PackedSequences}, which says how several inputs share a
 * matrix, and {@link dev.mme5.engine.nn.Buffers}, which allocates what a pass writes, or counts it.
 */
package dev.mme5.engine.nn;
