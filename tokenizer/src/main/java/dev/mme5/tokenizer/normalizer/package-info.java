/**
 * Stage 2 of encoding: changes the text between the added tokens. Start with {@link
 * dev.mme5.tokenizer.normalizer.Normalizer}; {@link dev.mme5.tokenizer.normalizer.NormalizerReader} chooses the kind.
 */
package dev.mme5.tokenizer.normalizer;
