package dev.mme5.engine.family.mllama.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.nn.TokenTree;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DistinctTokensTest {
    /** Counting goes one sequence at a time, the tree sees all at once. */
    @Test
    void theCountIsTheRowsOfTheTree() {
        Random random = new Random(11);
        for (int round = 0; round < 300; round++) {
            int[][] ids = new int[1 + random.nextInt(10)][];
            Arrays.setAll(ids, i -> random.ints(1 + random.nextInt(9), 0, 2).toArray());
            DistinctTokens count = new DistinctTokens();
            for (int i = 0; i < ids.length; i++) {
                int expected = TokenTree.of(Arrays.copyOf(ids, i + 1)).rows();
                assertThat(count.total() + count.added(ids[i])).isEqualTo(expected);
                count.add(ids[i]);
                assertThat(count.total()).isEqualTo(expected);
            }
        }
    }
}
