/**
 * Exact search by meaning over many documents, kept in one index file: {@link dev.mme5.search.IndexUpdate} brings the
 * file up to date, {@link dev.mme5.search.SearchIndex} answers from it. Start reading at {@code SearchIndex}.
 */
package dev.mme5.search;
