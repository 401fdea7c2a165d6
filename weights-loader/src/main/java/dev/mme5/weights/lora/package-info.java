/**
 * LoRA adapters in a model folder, merged into its weights as peft merges them. Start with {@link
 * dev.mme5.weights.lora.LoraAdapter#find}. Nothing here depends on a model family: the modules that an adapter names become names of
 * weights by the family's {@link dev.mme5.weights.TensorNames}.
 */
package dev.mme5.weights.lora;
