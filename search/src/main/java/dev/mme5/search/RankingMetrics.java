package dev.mme5.search;

import java.util.Arrays;
import java.util.Collection;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * How well rankings put first what is relevant, each number from 0 to 1.
 *
 * @param recallAt1 share of the relevant candidates that is ranked first
 * @param recallAt5 share of them among the first 5
 * @param recallAt10 share of them among the first 10
 * @param reciprocalRank 1 / rank of the first relevant one
 * @param ndcgAt10 gain of the first 10 over that of the best possible 10: grade / log2(rank + 1), summed
 */
public record RankingMetrics(double recallAt1, double recallAt5, double recallAt10, double reciprocalRank, double ndcgAt10) {
    /** Nothing relevant was found. */
    public static final RankingMetrics NONE = new RankingMetrics(0, 0, 0, 0, 0);

    private static final int NDCG_DEPTH = 10;

    /**
     * The metrics of one query.
     *
     * <p>Ties count against the model: a candidate that is not relevant stands before a relevant one of the same score, and of
     * relevant ones the lower grade. Else a model that gave the same vector to everything could look perfect.
     *
     * @param scores of the candidates; NaN for one that has no vector and is never found
     * @param grades how relevant each is: positive, or 0 for not at all
     * @throws IllegalArgumentException when none is relevant
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

    /** Indices of the relevant candidates in the order of the ranking, those without a score last. */
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

    /** Rank of each relevant candidate: those before it are relevant ones, or others with at least its score. */
    private static int[] ranks(float[] scores, double[] grades, Integer[] relevant) {
        int[] othersBefore = new int[relevant.length + 1]; // counted at the first one they stand before
        for (int i = 0; i < scores.length; i++) {
            if (grades[i] > 0 || Float.isNaN(scores[i])) continue;
            int from = 0;
            int to = relevant.length;
            while (from < to) { // the first relevant one whose score is not higher
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

    /** The mean of each number; all zero for no rankings. */
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
