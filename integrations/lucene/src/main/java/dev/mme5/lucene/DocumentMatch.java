package dev.mme5.lucene;

/**
 * A document that answers a query.
 *
 * @param score cosine of the angle between query and document, from -1 to 1, of the stored floats
 * @param document the document
 */
public record DocumentMatch(float score, EmbeddingDocument document) {}
