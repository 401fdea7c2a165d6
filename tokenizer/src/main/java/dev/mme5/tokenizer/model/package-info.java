/**
 * Stage 4 of encoding: turns pieces into ids. Start with {@link dev.mme5.tokenizer.model.TokenModel}; {@link
 * dev.mme5.tokenizer.model.TokenModelReader} chooses the kind.
 *
 * <p>{@link dev.mme5.tokenizer.model.BytePairModel} encodes a piece with a {@link dev.mme5.tokenizer.model.TokenTable} and, if the
 * piece is not a token, merges its bytes. {@link dev.mme5.tokenizer.model.RawVocabularyReader} reads the large tables while the file
 * is parsed, so that opening a tokenizer is fast.
 */
package dev.mme5.tokenizer.model;
