package dev.mme5.search;

/**
 * A document that answers a query.
 *
 * @param score cosine of the angle between query and document, from -1 to 1
 * @param row its place in the index
 * @param entry what is known of it
 */
public record Match(float score, int row, IndexEntry entry) {}
