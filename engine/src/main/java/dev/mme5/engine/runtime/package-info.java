/**
 * Runs a model of any family for the public API: finds the family of a folder ({@link
 * dev.mme5.engine.runtime.ModelFamilies}), prepares and packs inputs, decodes images ahead, caches their states, keeps within the
 * heap, and traces. Start with {@link dev.mme5.engine.runtime.ModelRuntime}, an open model. The types here are the runtime's own
 * ({@link dev.mme5.engine.runtime.ModelInput}, {@link dev.mme5.engine.runtime.Outcome}); the public API converts to and from
 * them.
 */
package dev.mme5.engine.runtime;
