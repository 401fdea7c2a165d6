package dev.mme5.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PairTableTest {
    private record Pair(int left, int right) {}

    @Test
    void agreesWithAHashMap() {
        Random random = new Random(4);
        PairTable table = new PairTable();
        Map<Pair, Long> map = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            Pair pair = new Pair(random.nextInt(200), random.nextInt(200));
            table.put(pair.left(), pair.right(), i);
            map.put(pair, (long) i);
        }

        for (int left = 0; left < 200; left++) {
            for (int right = 0; right < 200; right++) {
                assertThat(table.get(left, right)).isEqualTo(map.getOrDefault(new Pair(left, right), PairTable.ABSENT));
            }
        }
    }

    @Test
    void holdsTheGreatestKeysAndValues() {
        PairTable table = new PairTable();

        table.put(Integer.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE);

        assertThat(table.get(Integer.MAX_VALUE, Integer.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
        assertThat(table.get(0, 0)).isEqualTo(PairTable.ABSENT);
    }
}
