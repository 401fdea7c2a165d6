package dev.mme5.search.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopMatchesTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 99, 100, 101})
    void keepsTheFirstOfTheSortedScores(int capacity) {
        Random random = new Random(capacity);
        for (int round = 0; round < 50; round++) {
            float[] scores = new float[100];
            for (int i = 0; i < scores.length; i++) scores[i] = random.nextInt(20) / 10f - 1; // many ties

            TopMatches best = new TopMatches(capacity);
            for (int i = 0; i < scores.length; i++) best.offer(scores[i], i);

            List<Integer> sorted = IntStream.range(0, scores.length)
                    .boxed()
                    .sorted(Comparator.comparingDouble((Integer i) -> -scores[i]).thenComparing(i -> i))
                    .limit(capacity)
                    .toList();
            assertThat(rows(best)).isEqualTo(sorted);
        }
    }

    private static List<Integer> rows(TopMatches best) {
        List<Integer> rows = new ArrayList<>();
        while (best.size() > 0) {
            rows.addFirst(best.worstRow());
            best.removeWorst();
        }
        return rows;
    }
}
