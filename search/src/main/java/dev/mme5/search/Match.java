package dev.mme5.search;

/**
 * A document that answers a query.
 *
 * @param score cosine of the angle between query and document, from -1 to 1
 * @param row the document's row in the index
 * @param document the document in that row
 */
public record Match(float score, int row, IndexedDocument document) {}
