/**
 * Stage 5 of encoding: adds special tokens to the ids of a text. Start with {@link
 * dev.mme5.tokenizer.postprocessor.PostProcessor}; {@link dev.mme5.tokenizer.postprocessor.PostProcessorReader} chooses the kind.
 */
package dev.mme5.tokenizer.postprocessor;
