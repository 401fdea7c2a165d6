/**
 * LangChain4j's embedding model for mmE5 and other models that {@code mme5} runs: texts, images, and both in one input, in this JVM.
 *
 * {@snippet :
 * try (Mme5EmbeddingModel model = Mme5EmbeddingModel.builder().model("intfloat/mmE5-mllama-11b-instruct").build()) {
 *     Embedding caption = model.embed("A cat and a dog").content();
 *     Embedding photo = model.embed(EmbeddingRequest.builder().input(ImageContent.from(base64, "image/jpeg")).build())
 *             .embeddings().getFirst();
 * }
 * }
 *
 * <p>Start with {@link dev.mme5.langchain4j.Mme5EmbeddingModel} and its {@linkplain dev.mme5.langchain4j.Mme5EmbeddingModelBuilder
 * builder}.
 */
package dev.mme5.langchain4j;
