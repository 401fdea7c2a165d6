/**
 * The seam between the runtime and the kinds of models it can run. To add a kind, implement, in a package of its own below this
 * one, in this order:
 *
 * <ol>
 *   <li>{@link dev.mme5.engine.family.ModelFamily}: its {@code model_type}, its files, its prompts, its names of tensors;
 *   <li>{@link dev.mme5.engine.family.ModelArchitecture}: one model as its config.json describes it, without weights;
 *   <li>{@link dev.mme5.engine.family.InputProcessor}: a prompt to token ids, an image to what the model takes;
 *   <li>{@link dev.mme5.engine.family.EmbeddingNetwork}: the forward pass over a packed batch;
 *   <li>{@link dev.mme5.engine.family.PassMemory}: the bytes of that pass;
 * </ol>
 *
 * <p>and add it to the list of {@code dev.mme5.engine.runtime.ModelFamilies}. The runtime does the rest: it opens the folder,
 * decodes images, packs inputs together, caches {@link dev.mme5.engine.family.ImageState}s, keeps to the heap, traces, inspects
 * and quantises. It never looks into what a family hands it, and a family assumes nothing of another.
 */
package dev.mme5.engine.family;
