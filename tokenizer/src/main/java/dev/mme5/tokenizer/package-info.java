/**
 * Text to token ids and back, read from {@code tokenizer.json}. Start with {@link dev.mme5.tokenizer.Tokenizer}. Other files of a folder
 * may name a class of transformers that builds stages by itself ({@code FolderSettings}, and the package {@code settings}), and ask for
 * lower case.
 *
 * <p>Encoding is a pipeline, and each stage has the name of its member in the file:
 *
 * <ol>
 * <li>{@code added_tokens}: splits the text at its added tokens ({@code AddedTokenSplitter} in this package);
 * <li>{@code normalizer}: changes the text between them;
 * <li>{@code pre_tokenizer}: splits it into pieces;
 * <li>{@code model}: turns pieces into ids;
 * <li>{@code post_processor}: adds special tokens.
 * </ol>
 *
 * <p>Stages 2 to 5 are one package each, with a sealed interface, its kinds and a reader that refuses unknown kinds by name. To add a
 * kind, permit it in the interface and read it in the reader.
 */
package dev.mme5.tokenizer;
