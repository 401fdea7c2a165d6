package dev.mme5.search;

import java.util.Arrays;
import java.util.Collection;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * How well rankings put relevant candidates first. Each number is from 0 to 1.
 *
 * @param recallAt1 share of the relevant candidates with rank 1
 * @param recallAt5 share of the relevant candidates with rank 1 to 5
 * @param recallAt10 share of the relevant candidates with rank 1 to 10
 * @param reciprocalRank 1 / rank of the first relevant candidate
 * @param ndcgAt10 gain of ranks 1 to 10 divided by the best possible gain; the gain is the sum of grade / log2(rank + 1)
 */
public record RankingMetrics(double recallAt1, double recallAt5, double recallAt10, double reciprocalRank, double ndcgAt10) {
    /** No relevant candidate was found. */
    public static final RankingMetrics NONE = new RankingMetrics(0, 0, 0, 0, 0);

    private static final int NDCG_DEPTH = 10;

    /**
     * The metrics of one query.
     *
     * <p>Because a model that gives the same vector to everything must not look perfect, ties count against the model: at equal
     * scores, a candidate that is not relevant comes before a relevant one, and a lower grade before a higher one.
     *
     * @param scores one for each candidate; NaN for a candidate without a vector, which is never found
     * @param grades relevance of each candidate: positive, or 0 if it is not relevant
     * @throws IllegalArgumentException if no candidate is relevant
     */
    public static RankingMetrics of(float[] scores, double[] grades) {
        Integer[] relevant = relevantFromBest(scores, grades);
        double[] ideal = new double[relevant.length];
        for (int i = 0; i < relevant.length; i++) ideal[i] = grades[relevant[i]];
        if (ideal.length == 0) throw new IllegalArgumentException("no candidate is relevant");

        int[] ranks = ranks(scores, grades, relevant);
        double gain = 0;
        for (int i = 0; i < relevant.length; i++) {
            if (ranks[i] <= NDCG_DEPTH) gain += grades[relevant[i]] / log2(ranks[i] + 1);
        }
        return new RankingMetrics(
                recall(ranks, 1), recall(ranks, 5), recall(ranks, 10), reciprocal(ranks[0]), gain / bestGain(ideal));
    }

    /** Indices of the relevant candidates by rank, those without a score last. */
    private static Integer[] relevantFromBest(float[] scores, double[] grades) {
        return IntStream.range(0, grades.length)
                .filter(i -> grades[i] > 0)
                .boxed()
                .sorted((i, j) -> {
                    int byScore = Float.compare(sortable(scores[j]), sortable(scores[i]));
                    return byScore != 0 ? byScore : Double.compare(grades[i], grades[j]);
                })
                .toArray(Integer[]::new);
    }

    private static float sortable(float score) {
        return Float.isNaN(score) ? Float.NEGATIVE_INFINITY : score;
    }

    /** Rank of each relevant candidate. Before it come better relevant candidates and all others with at least its score. */
    private static int[] ranks(float[] scores, double[] grades, Integer[] relevant) {
        int[] othersBefore = new int[relevant.length + 1]; // counted at the first relevant candidate that they precede
        for (int i = 0; i < scores.length; i++) {
            if (grades[i] > 0 || Float.isNaN(scores[i])) continue;
            int from = 0;
            int to = relevant.length;
            while (from < to) { // finds the first relevant candidate whose score is not higher
                int middle = (from + to) / 2;
                if (scores[i] >= sortable(scores[relevant[middle]])) to = middle;
                else from = middle + 1;
            }
            othersBefore[from]++;
        }
        int[] ranks = new int[relevant.length];
        int others = 0;
        for (int i = 0; i < ranks.length; i++) {
            others += othersBefore[i];
            ranks[i] = Float.isNaN(scores[relevant[i]]) ? Integer.MAX_VALUE : i + 1 + others;
        }
        return ranks;
    }

    private static double recall(int[] ranks, int depth) {
        return (double) Arrays.stream(ranks).filter(rank -> rank <= depth).count() / ranks.length;
    }

    private static double reciprocal(int rank) {
        return rank == Integer.MAX_VALUE ? 0 : 1.0 / rank;
    }

    private static double bestGain(double[] grades) {
        Arrays.sort(grades);
        double gain = 0;
        for (int rank = 1; rank <= Math.min(NDCG_DEPTH, grades.length); rank++) gain += grades[grades.length - rank] / log2(rank + 1);
        return gain;
    }

    private static double log2(int x) {
        return Math.log(x) / Math.log(2);
    }

    /** The mean of each number; zeros if there are no rankings. */
    public static RankingMetrics mean(Collection<RankingMetrics> all) {
        if (all.isEmpty()) return NONE;
        return new RankingMetrics(
                mean(all, RankingMetrics::recallAt1),
                mean(all, RankingMetrics::recallAt5),
                mean(all, RankingMetrics::recallAt10),
                mean(all, RankingMetrics::reciprocalRank),
                mean(all, RankingMetrics::ndcgAt10));
    }

    private static double mean(Collection<RankingMetrics> all, ToDoubleFunction<RankingMetrics> number) {
        return all.stream().mapToDouble(number).average().orElseThrow();
    }
}
