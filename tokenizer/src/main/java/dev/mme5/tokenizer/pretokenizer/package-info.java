/**
 * Stage 3 of encoding: splits text into pieces. Start with {@link dev.mme5.tokenizer.pretokenizer.PreTokenizer}; {@link
 * dev.mme5.tokenizer.pretokenizer.PreTokenizerReader} chooses the kind.
 */
package dev.mme5.tokenizer.pretokenizer;
