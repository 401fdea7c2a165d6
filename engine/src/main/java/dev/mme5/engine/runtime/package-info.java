/**
 * Runs a model of any family for the public API: the family of a
 * folder is found ({@link dev.mme5.engine.runtime.ModelFamilies}), inputs are prepared and packed, images decoded ahead and their states cached, memory
 * kept within the heap, stages traced. Start with {@link dev.mme5.engine.runtime.ModelRuntime}: it is an open model. The types
 * here are the runtime's own ({@link dev.mme5.engine.runtime.ModelInput}, {@link dev.mme5.engine.runtime.Outcome}); the public
 * API converts to and from them.
 */
package dev.mme5.engine.runtime;
