package dev.mme5.cli.evaluation;

import dev.mme5.engine.Input;
import java.util.List;

/**
 * A retrieval task: which candidates should answer which queries.
 *
 * @param candidates what can be found
 * @param queries what is asked
 */
public record Evaluation(List<Candidate> candidates, List<Question> queries) {
    public Evaluation {
        candidates = List.copyOf(candidates);
        queries = List.copyOf(queries);
    }

    /**
     * Something that can be found.
     *
     * @param pool queries of the same pool see it
     */
    public record Candidate(String id, String pool, Input input) {}

    /**
     * Something that is asked.
     *
     * @param group under what its result is reported
     * @param visible indices of the candidates that it is ranked against, ascending
     * @param relevant places in visible of the candidates that should answer it, at least one
     * @param grades how relevant each of these is, above 0
     */
    public record Question(String id, String group, Input input, int[] visible, int[] relevant, double[] grades) {
        public Question {
            if (relevant.length == 0) throw new IllegalArgumentException(id + ": nothing is relevant");
            if (relevant.length != grades.length) throw new IllegalArgumentException(id + ": a grade for each relevant candidate");
        }

        /** A grade for each visible candidate, mostly 0; made when it is needed, as most of the file's queries are waiting. */
        public double[] visibleGrades() {
            double[] all = new double[visible.length];
            for (int i = 0; i < relevant.length; i++) all[relevant[i]] = grades[i];
            return all;
        }
    }
}
