/**
 * Stage 2 of encoding: changes the text between the added tokens. Start with {@link
 * dev.mme5.tokenizer.normalizer.Normalizer}; {@link dev.mme5.tokenizer.normalizer.NormalizerReader} chooses the kind. Every kind but
 * {@code null} is a step from text to text, and a Sequence is a list of steps.
 */
package dev.mme5.tokenizer.normalizer;
