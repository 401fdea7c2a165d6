/**
 * The files behind an index. {@link dev.mme5.search.index.IndexFile} is the complete index, mapped; {@link
 * dev.mme5.search.index.IndexWriter} replaces it; {@link dev.mme5.search.index.IndexJournal} holds the vectors of an unfinished
 * update. Start at {@code IndexFile}, which documents the format.
 *
 * <p>Nothing here knows documents or queries: vectors have an {@link dev.mme5.search.index.IndexEntry}, and scores go to
 * {@link dev.mme5.search.index.TopMatches}.
 */
package dev.mme5.search.index;
