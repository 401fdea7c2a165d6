package dev.mme5.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RankingMetricsTest {
    /** The one relevant candidate is the first. */
    @ParameterizedTest
    @CsvSource({
        // its score, those of the others, rank
        "0.9, 0.1 0.2 0.3, 1",
        "0.2, 0.1 0.2 0.3, 3", // the equal one stands before it
        "0.0, 0.1 0.2 0.3, 4",
        "0.5, 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5, 11",
        "NaN, 0.1 0.2, 0",
        "-1,  NaN NaN, 1"
    })
    void oneRelevantCandidateCountsByItsRank(float score, String others, int rank) {
        String[] words = others.trim().split(" ");
        float[] scores = new float[words.length + 1];
        double[] grades = new double[scores.length];
        scores[0] = score;
        grades[0] = 1;
        for (int i = 1; i < scores.length; i++) scores[i] = Float.parseFloat(words[i - 1]);

        RankingMetrics metrics = RankingMetrics.of(scores, grades);

        boolean found = rank > 0;
        assertThat(metrics.recallAt1()).isEqualTo(rank == 1 ? 1 : 0);
        assertThat(metrics.recallAt5()).isEqualTo(found && rank <= 5 ? 1 : 0);
        assertThat(metrics.recallAt10()).isEqualTo(found && rank <= 10 ? 1 : 0);
        assertThat(metrics.reciprocalRank()).isEqualTo(found ? 1.0 / rank : 0);
        assertThat(metrics.ndcgAt10()).isCloseTo(found && rank <= 10 ? 1 / (Math.log(rank + 1) / Math.log(2)) : 0, within(1e-12));
    }

    @Test
    void severalRelevantOnesShareTheRecallAndGradesWeigh() {
        // ranking: 3 (grade 1), 0 (none), 2 (grade 2), 1 (none)
        RankingMetrics metrics = RankingMetrics.of(new float[] {0.8f, 0.1f, 0.5f, 0.9f}, new double[] {0, 0, 2, 1});

        assertThat(metrics.recallAt1()).isEqualTo(0.5);
        assertThat(metrics.recallAt5()).isEqualTo(1);
        assertThat(metrics.reciprocalRank()).isEqualTo(1);
        assertThat(metrics.ndcgAt10()).isCloseTo((1 + 2 / 2.0) / (2 + 1 / 1.584962500721156), within(1e-12));
    }

    @Test
    void ofEqualRelevantOnesTheLowerGradeStandsFirst() {
        RankingMetrics metrics = RankingMetrics.of(new float[] {0.5f, 0.5f}, new double[] {3, 1});

        assertThat(metrics.ndcgAt10()).isCloseTo((1 + 3 / 1.584962500721156) / (3 + 1 / 1.584962500721156), within(1e-12));
    }

    @Test
    void aModelThatGivesOneVectorToAllFindsNothing() {
        float[] scores = new float[100];
        double[] grades = new double[100];
        grades[0] = 1;

        assertThat(RankingMetrics.of(scores, grades).recallAt10()).isZero();
    }

    @Test
    void agreesWithSortingEverything() {
        Random random = new Random(3);
        for (int round = 0; round < 2000; round++) {
            int n = 1 + random.nextInt(30);
            float[] scores = new float[n];
            double[] grades = new double[n];
            for (int i = 0; i < n; i++) {
                scores[i] = random.nextInt(6) == 0 ? Float.NaN : random.nextInt(8) / 8f;
                grades[i] = random.nextInt(4) == 0 ? 1 + random.nextInt(3) : 0;
            }
            grades[random.nextInt(n)] = 1;

            assertThat(RankingMetrics.of(scores, grades)).usingRecursiveComparison()
                    .withComparatorForType((a, b) -> Math.abs(a - b) < 1e-12 ? 0 : 1, Double.class)
                    .isEqualTo(bySorting(scores, grades));
        }
    }

    private static RankingMetrics bySorting(float[] scores, double[] grades) {
        List<Integer> ranking = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            if (!Float.isNaN(scores[i])) ranking.add(i);
        }
        ranking.sort((i, j) -> scores[i] != scores[j] ? Float.compare(scores[j], scores[i]) : Double.compare(grades[i], grades[j]));
        List<Double> ideal = new ArrayList<>();
        for (double grade : grades) {
            if (grade > 0) ideal.add(grade);
        }
        ideal.sort((a, b) -> Double.compare(b, a));
        double[] hits = new double[11];
        double first = 0;
        double gain = 0;
        double best = 0;
        for (int rank = 1; rank <= scores.length; rank++) {
            double grade = rank <= ranking.size() ? grades[ranking.get(rank - 1)] : 0;
            if (grade > 0 && first == 0) first = 1.0 / rank;
            if (rank > 10) continue;
            hits[rank] = hits[rank - 1] + (grade > 0 ? 1 : 0);
            gain += grade * Math.log(2) / Math.log(rank + 1);
            best += (rank <= ideal.size() ? ideal.get(rank - 1) : 0) * Math.log(2) / Math.log(rank + 1);
        }
        for (int rank = scores.length + 1; rank <= 10; rank++) hits[rank] = hits[rank - 1];
        double relevant = ideal.size();
        return new RankingMetrics(hits[1] / relevant, hits[5] / relevant, hits[10] / relevant, first, gain / best);
    }

    @Test
    void theMeanIsTakenNumberByNumber() {
        RankingMetrics mean = RankingMetrics.mean(List.of(new RankingMetrics(1, 1, 1, 1, 1), new RankingMetrics(0, 0, 1, 0.25, 0.5)));

        assertThat(mean).isEqualTo(new RankingMetrics(0.5, 0.5, 1, 0.625, 0.75));
        assertThat(RankingMetrics.mean(List.of())).isEqualTo(RankingMetrics.NONE);
    }

    @Test
    void aQueryWithoutRelevantCandidatesIsAMistake() {
        assertThatThrownBy(() -> RankingMetrics.of(new float[3], new double[3])).isInstanceOf(IllegalArgumentException.class);
    }
}
