package dev.mme5.tokenizer.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PrefixFilterTest {
    private static TokenTable table(List<String> tokens) {
        TokenTable table = TokenTable.literal();
        for (int id = 0; id < tokens.size(); id++) table.put(id, tokens.get(id));
        table.buildIndex();
        return table;
    }

    private static int hash(String text, int length) {
        return TokenTable.hash(text.getBytes(UTF_8), 0, length);
    }

    @Test
    void noBeginningAndNoTokenIsMissed() {
        List<String> tokens = new Random(3).ints(20_000, 0, 1 << 30).mapToObj(Integer::toString).distinct().toList();
        PrefixFilter filter = new PrefixFilter(table(tokens));

        for (String token : tokens) {
            for (int length = 1; length <= token.length(); length++) assertThat(filter.isNone(hash(token, length))).isFalse();
            assertThat(filter.mayBeWhole(hash(token, token.length()))).isTrue();
        }
    }

    /** A walk that goes on for nothing only takes time, so few may do so. */
    @Test
    void mostOtherBytesAreNone() {
        List<String> tokens = new Random(3).ints(20_000, 0, 1 << 30).mapToObj(Integer::toString).distinct().toList();
        PrefixFilter filter = new PrefixFilter(table(tokens));

        List<String> others = new Random(4).ints(20_000, 1 << 30, Integer.MAX_VALUE).mapToObj(i -> "x" + i).toList();
        assertThat(others.stream().filter(text -> !filter.isNone(hash(text, text.length()))).count()).isLessThan(6_000);
        assertThat(others.stream().filter(text -> filter.mayBeWhole(hash(text, text.length()))).count()).isLessThan(2_000);
    }

    @Test
    void anEmptyTokenIsNoBeginning() {
        PrefixFilter filter = new PrefixFilter(table(List.of("", "a")));

        assertThat(filter.isNone(hash("a", 1))).isFalse();
        assertThat(filter.isNone(hash("b", 1))).isTrue();
    }
}
