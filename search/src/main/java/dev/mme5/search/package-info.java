/**
 * Exact search over the embeddings of images and texts, kept in one index file.
 *
 * <p>Start at {@link dev.mme5.search.SearchIndex}. There are three steps:
 * <ol>
 * <li>List documents: {@link dev.mme5.search.FolderDocuments} scans a folder; {@link dev.mme5.search.InputDocument} wraps any
 *     input.
 * <li>Update the index: {@link dev.mme5.search.IndexUpdate} embeds what is new or changed and returns an
 *     {@link dev.mme5.search.IndexReport}.
 * <li>Search: {@link dev.mme5.search.SearchIndex} returns a {@link dev.mme5.search.Match} for each of the best documents.
 * </ol>
 *
 * {@snippet :
 * try (EmbeddingModel model = EmbeddingModel.open(Path.of("models/mini"))) {
 *     Path file = folder.resolve("search.index");
 *     new IndexUpdate(model, file).run(FolderDocuments.scan(folder), false, IndexUpdate.Listener.NONE);
 *     try (SearchIndex index = SearchIndex.open(file, model)) {
 *         for (Match match : index.search(model.embed(Input.text("red apple")), 10)) {
 *             System.out.println(match.score() + " " + match.document().id());
 *         }
 *     }
 * }
 * }
 *
 * <p>{@link dev.mme5.search.IndexException} is thrown for a file that cannot be used. {@link dev.mme5.search.RankingMetrics}
 * measures rankings and needs no index.
 */
package dev.mme5.search;
