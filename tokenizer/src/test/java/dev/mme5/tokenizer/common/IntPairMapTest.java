package dev.mme5.tokenizer.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IntPairMapTest {
    private record Pair(int left, int right) {}

    @Test
    void agreesWithAHashMap() {
        Random random = new Random(4);
        IntPairMap table = new IntPairMap();
        Map<Pair, Long> map = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            Pair pair = new Pair(random.nextInt(200), random.nextInt(200));
            table.put(pair.left(), pair.right(), i);
            map.put(pair, (long) i);
        }

        for (int left = 0; left < 200; left++) {
            for (int right = 0; right < 200; right++) {
                assertThat(table.get(left, right)).isEqualTo(map.getOrDefault(new Pair(left, right), IntPairMap.ABSENT));
            }
        }
    }

    @Test
    void holdsTheGreatestKeysAndValues() {
        IntPairMap table = new IntPairMap();

        table.put(Integer.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE);

        assertThat(table.get(Integer.MAX_VALUE, Integer.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
        assertThat(table.get(0, 0)).isEqualTo(IntPairMap.ABSENT);
    }

    /** All these pairs have the same hash, in a table of any size. */
    @Test
    void refusesPairsThatWereChosenToCollide() {
        IntPairMap table = new IntPairMap();

        assertThatThrownBy(() -> {
            for (int i = 0; i < 2000; i++) table.put(i << 16, 0, i);
        }).isInstanceOf(ProbeLengthLimit.ExceededException.class)
                .hasMessage("expected tokens whose hashes are spread, found more than 500 that stand in one run");
    }

    @Test
    void refusesPairsThatWereChosenToStandSideBySide() {
        assertThatThrownBy(() -> {
            IntPairMap table = new IntPairMap();
            for (int right = 0, i = 0; i < 3000; right++) {
                // Only pairs with a home in the first 3000 of 8192 slots.
                if ((right * 0x9E3779B97F4A7C15L >>> 32 & 8191) < 3000) table.put(0, right, i++);
            }
            table.checkProbeLengths();
        }).isInstanceOf(ProbeLengthLimit.ExceededException.class);
    }
}
