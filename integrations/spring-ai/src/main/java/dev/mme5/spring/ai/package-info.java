/**
 * mme5 as an embedding model of Spring AI. Start with {@link dev.mme5.spring.ai.Mme5EmbeddingModel}, which embeds texts, documents and
 * queries; {@link dev.mme5.spring.ai.Mme5DocumentEmbeddingModel} embeds documents with media. {@link dev.mme5.spring.ai.Mme5Metadata}
 * has the keys by which a text document names an image, because Spring's vector stores refuse documents with media.
 *
 * {@snippet :
 * try (EmbeddingModel engine = EmbeddingModel.open(folder)) {
 *     var model = Mme5EmbeddingModel.builder(engine).imageFolder(images).build();
 *     var store = SimpleVectorStore.builder(model).build();
 *     store.add(List.of(new Document("", Map.of(Mme5Metadata.IMAGE, "cat.jpg"))));
 *     List<Document> found = store.similaritySearch("a cat");
 * }
 * }
 */
@org.jspecify.annotations.NullMarked
package dev.mme5.spring.ai;
