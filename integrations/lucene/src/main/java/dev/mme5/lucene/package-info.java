/**
 * An index on disk for more vectors than an exact search can compare, with metadata to filter by:
 *
 * {@snippet :
 * try (LuceneEmbeddingIndex index = LuceneEmbeddingIndex.open(folder, IndexSettings.defaults())) {
 *     index.put(new EmbeddingDocument("cat.jpg", vector, null, Map.of("year", 2024)));
 *     index.commit();
 *     List<DocumentMatch> best = index.search(IndexQuery.of(query, 10).withFilter(MetadataQueries.atLeast("year", 2020)));
 * }
 * }
 *
 * <p>Start with {@link dev.mme5.lucene.LuceneEmbeddingIndex}. {@link dev.mme5.lucene.WideVectorsCodec} is for programs that have a Lucene
 * index of their own and want vectors of more than 1,024 dimensions in it.
 */
package dev.mme5.lucene;
