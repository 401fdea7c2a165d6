/**
 * What the files beside {@code tokenizer.json} say about the tokenizer of a folder. Start with
 * {@link dev.mme5.tokenizer.settings.TokenizerSettings}, which reads them; {@link dev.mme5.tokenizer.settings.TokenizerClass} is how
 * transformers makes the tokenizer that they name.
 */
package dev.mme5.tokenizer.settings;
