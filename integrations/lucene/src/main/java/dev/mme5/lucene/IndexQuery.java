package dev.mme5.lucene;

import org.apache.lucene.search.Query;

/**
 * What to search for.
 *
 * @param vector of the same model as the documents; not copied
 * @param top how many documents are wanted at most
 * @param candidates how many documents of the graph are compared by their floats, at least top; more find better and take longer. With as
 *     many as there are documents, the search is exact
 * @param filter which documents may be found, see {@link MetadataQueries}; null for all
 * @param minScore least cosine
 */
public record IndexQuery(float[] vector, int top, int candidates, Query filter, float minScore) {
    /** Candidates for each document that is wanted. */
    private static final int FACTOR = 10;

    private static final int MIN_CANDIDATES = 100;

    /** @throws IllegalArgumentException when a number is out of range, or the vector zero or not finite */
    public IndexQuery {
        Vectors.requireUsable(vector, "query");
        if (top < 1) throw new IllegalArgumentException("top is " + top);
        if (candidates < top) throw new IllegalArgumentException("candidates is " + candidates + ", expected at least top, " + top);
        if (Float.isNaN(minScore)) throw new IllegalArgumentException("minScore is NaN");
    }

    /** All documents, with ten times as many candidates as are wanted, but at least 100. */
    public static IndexQuery of(float[] vector, int top) {
        int candidates = Math.clamp((long) FACTOR * top, MIN_CANDIDATES, Integer.MAX_VALUE);
        return new IndexQuery(vector, top, candidates, null, -1);
    }

    public IndexQuery withCandidates(int value) {
        return new IndexQuery(vector, top, value, filter, minScore);
    }

    public IndexQuery withFilter(Query value) {
        return new IndexQuery(vector, top, candidates, value, minScore);
    }

    public IndexQuery withMinScore(float value) {
        return new IndexQuery(vector, top, candidates, filter, value);
    }
}
