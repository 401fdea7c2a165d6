package dev.mme5.lucene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.lucene.search.Query;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetadataQueriesTest {
    private static final List<Number> NUMBERS = List.of(0, -0.0, 0.0f, 1, 1L, 1.0, -1, 1.23f, 1.23, 1.24f, Long.MAX_VALUE,
            Long.MAX_VALUE - 1, Long.MIN_VALUE, Float.MIN_VALUE, -Double.MIN_VALUE, Double.MAX_VALUE, -Float.MAX_VALUE,
            9007199254740993L, 9007199254740992.0);

    private final LuceneEmbeddingIndex index = LuceneEmbeddingIndex.open(new ByteBuffersDirectory(), IndexSettings.defaults());

    @AfterEach
    void close() {
        index.close();
    }

    private void put(String id, Map<String, Object> metadata) {
        index.put(new EmbeddingDocument(id, new float[] {1}, null, metadata));
    }

    private List<String> found(Query filter) {
        return index.search(IndexQuery.of(new float[] {1}, 100).withFilter(filter)).stream().map(match -> match.document().id()).toList();
    }

    @Test
    void numbersCompareByValue() {
        for (int i = 0; i < NUMBERS.size(); i++) put("d" + i, Map.of("key", NUMBERS.get(i)));

        for (Number value : NUMBERS) {
            assertThat(found(MetadataQueries.equalTo("key", value))).as("= " + value).isEqualTo(expected(value, 0, 0));
            assertThat(found(MetadataQueries.lessThan("key", value))).as("< " + value).isEqualTo(expected(value, -1, -1));
            assertThat(found(MetadataQueries.atMost("key", value))).as("<= " + value).isEqualTo(expected(value, -1, 0));
            assertThat(found(MetadataQueries.greaterThan("key", value))).as("> " + value).isEqualTo(expected(value, 1, 1));
            assertThat(found(MetadataQueries.atLeast("key", value))).as(">= " + value).isEqualTo(expected(value, 0, 1));
        }
    }

    private static List<String> expected(Number value, int min, int max) {
        return java.util.stream.IntStream.range(0, NUMBERS.size()).filter(i -> {
            int compared = new BigDecimal(NUMBERS.get(i).toString()).compareTo(new BigDecimal(value.toString()));
            return compared >= min && compared <= max;
        }).mapToObj(i -> "d" + i).toList();
    }

    @Test
    void stringsAndOthers() {
        UUID uuid = new UUID(3, 4);
        put("text", Map.of("key", "b"));
        put("empty", Map.of("key", ""));
        put("uuid", Map.of("key", uuid));
        put("flag", Map.of("key", true));
        put("other", Map.of("other", "b"));

        assertThat(found(MetadataQueries.equalTo("key", "b"))).containsExactly("text");
        assertThat(found(MetadataQueries.equalTo("key", ""))).containsExactly("empty");
        assertThat(found(MetadataQueries.equalTo("key", uuid))).containsExactly("uuid");
        assertThat(found(MetadataQueries.equalTo("key", true))).containsExactly("flag");
        assertThat(found(MetadataQueries.in("key", List.of("b", "", 7)))).containsExactly("text", "empty");
        assertThat(found(MetadataQueries.not(MetadataQueries.equalTo("key", "b")))).containsExactly("empty", "uuid", "flag", "other");
        assertThat(found(MetadataQueries.exists("other"))).containsExactly("other");
        assertThat(found(MetadataQueries.all(List.of(MetadataQueries.exists("key"), MetadataQueries.atLeast("key", "b")))))
                .containsExactly("text", "flag");
        assertThat(found(MetadataQueries.lessThan("key", "b"))).containsExactly("empty", "uuid");
    }

    @Test
    void keysMayHaveAnyName() {
        put("a", Map.of("long:key", 1, ":", "x", "", 2, "vector", "y"));

        assertThat(found(MetadataQueries.equalTo("long:key", 1))).containsExactly("a");
        assertThat(index.get("a").orElseThrow().metadata()).containsOnlyKeys("long:key", ":", "", "vector");
    }

    @Test
    void notANumberIsRefused() {
        assertThatThrownBy(() -> MetadataQueries.equalTo("key", Double.NaN)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a filter cannot compare with NaN");
    }
}
