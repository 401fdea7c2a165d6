/**
 * Safetensors checkpoints: memory-mapped, read strictly, plain or quantised; and writers of such files.
 *
 * <p>Start with {@link dev.mme5.weights.Checkpoint}: it opens a model folder and returns {@link dev.mme5.weights.Weights}, which
 * finds tensors by scope and name and checks type and shape. A {@link dev.mme5.weights.WeightMatrix} is a {@link
 * dev.mme5.weights.MappedTensor} of floats or a {@link dev.mme5.weights.QuantizedTensor}. How a model family names its tensors is a
 * parameter, {@link dev.mme5.weights.TensorNames}; nothing here depends on a family.
 *
 * <p>{@link dev.mme5.weights.SafetensorsWriter} and {@link dev.mme5.weights.RandomAccessSafetensorsWriter} write files. The package
 * {@code dev.mme5.weights.file} opens and hashes the files of a folder that may come from anywhere.
 */
package dev.mme5.weights;
