/**
 * A small model that finds emoji images by words, for tests and first steps:
 *
 * {@snippet :
 * try (EmbeddingModel model = EmbeddingModel.open(MiniModel.folder())) {
 *     Embedding apple = model.embed(Input.text("red apple"));
 * }
 * }
 *
 * <p>Start with {@link dev.mme5.model.mini.MiniModel}.
 */
package dev.mme5.model.mini;
