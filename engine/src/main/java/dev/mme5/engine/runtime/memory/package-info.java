/**
 * The heap of an open model. {@link dev.mme5.engine.runtime.memory.MemoryEstimate} computes what runs need, {@link
 * dev.mme5.engine.runtime.memory.MemoryCheck} compares that with what there is, and {@link
 * dev.mme5.engine.runtime.memory.MemoryBudget} lets cached image states give way.
 */
package dev.mme5.engine.runtime.memory;
