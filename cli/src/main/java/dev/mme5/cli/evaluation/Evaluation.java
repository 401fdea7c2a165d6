package dev.mme5.cli.evaluation;

import dev.mme5.engine.Input;
import java.util.List;

/** A retrieval task: candidates, queries, and which candidates are relevant for which query. */
public record Evaluation(List<Candidate> candidates, List<Query> queries) {
    public Evaluation {
        candidates = List.copyOf(candidates);
        queries = List.copyOf(queries);
    }

    /**
     * A document that can be found.
     *
     * @param pool the candidate is ranked for the queries of the same pool
     */
    public record Candidate(String id, String pool, Input input) {}

    /**
     * A query.
     *
     * @param group the group in which its metrics are reported
     * @param visible indices of the candidates that are ranked for it, ascending
     * @param relevant indices into {@code visible} of the relevant candidates, at least one
     * @param grades relevance of each of these, above 0
     */
    public record Query(String id, String group, Input input, int[] visible, int[] relevant, double[] grades) {
        public Query {
            if (relevant.length == 0) throw new IllegalArgumentException(id + ": nothing is relevant");
            if (relevant.length != grades.length) throw new IllegalArgumentException(id + ": a grade for each relevant candidate");
        }

        /** A grade for each visible candidate, mostly 0. Computed on demand, because a file may have many queries. */
        public double[] visibleGrades() {
            double[] all = new double[visible.length];
            for (int i = 0; i < relevant.length; i++) all[relevant[i]] = grades[i];
            return all;
        }
    }
}
