package dev.mme5.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.store.embedding.EmbeddingMatch;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.filter.Filter;
import dev.langchain4j.store.embedding.filter.MetadataFilterBuilder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LuceneEmbeddingStoreTest {
    private static final Embedding RIGHT = Embedding.from(new float[] {1, 0});
    private static final Embedding UP = Embedding.from(new float[] {0, 1});

    @TempDir
    Path folder;

    @Test
    void whatACallAddedIsThereAfterwards() {
        try (LuceneEmbeddingStore store = LuceneEmbeddingStore.open(folder)) {
            store.addAll(List.of("a", "b"), List.of(RIGHT, UP),
                    List.of(TextSegment.from("right", new Metadata().put("page", 7)), TextSegment.from("up")));
        }
        try (LuceneEmbeddingStore store = LuceneEmbeddingStore.open(folder)) {
            List<EmbeddingMatch<TextSegment>> matches = search(store, null, 0);

            assertThat(matches).extracting(EmbeddingMatch::embeddingId).containsExactly("a", "b");
            assertThat(matches).extracting(EmbeddingMatch::score).containsExactly(1.0, 0.5);
            assertThat(matches.getFirst().embedded()).isEqualTo(TextSegment.from("right", new Metadata().put("page", 7)));
        }
    }

    @Test
    void minimumIsARelevanceScore() {
        try (LuceneEmbeddingStore store = LuceneEmbeddingStore.open(folder)) {
            store.addAll(List.of("a", "b"), List.of(RIGHT, UP), null);

            assertThat(search(store, null, 0.5)).hasSize(2);
            assertThat(search(store, null, 0.51)).hasSize(1);
        }
    }

    @Test
    void containedStringsAreFound() {
        try (LuceneEmbeddingStore store = LuceneEmbeddingStore.open(folder)) {
            store.addAll(List.of(RIGHT, UP), List.of(TextSegment.from("right", Metadata.from("name", "a*b\\c?")), TextSegment.from("up",
                    Metadata.from("name", "aXb"))));

            assertThat(search(store, MetadataFilterBuilder.metadataKey("name").containsString("*b\\"), 0)).hasSize(1);
            assertThat(search(store, MetadataFilterBuilder.metadataKey("name").containsString("?"), 0)).hasSize(1);
            assertThat(search(store, MetadataFilterBuilder.metadataKey("name").containsString("b"), 0)).hasSize(2);
        }
    }

    @Test
    void idThatIsThereIsReplaced() {
        try (LuceneEmbeddingStore store = LuceneEmbeddingStore.open(folder)) {
            store.add("a", UP);
            store.add("a", RIGHT);

            assertThat(search(store, null, 0)).extracting(EmbeddingMatch::embedding).containsExactly(RIGHT);
        }
    }

    @Test
    void otherFiltersAreRefused() {
        try (LuceneEmbeddingStore store = LuceneEmbeddingStore.open(folder)) {
            store.add(RIGHT);
            Filter own = object -> true;

            assertThatThrownBy(() -> search(store, own, 0)).isInstanceOf(UnsupportedFeatureException.class);
        }
    }

    @Test
    void listsOfDifferentLengthsAreRefused() {
        try (LuceneEmbeddingStore store = LuceneEmbeddingStore.open(folder)) {
            assertThatThrownBy(() -> store.addAll(List.of("a"), List.of(RIGHT, UP), null)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("expected as many ids as embeddings and segments, found 1, 2 and none");
        }
    }

    private static List<EmbeddingMatch<TextSegment>> search(LuceneEmbeddingStore store, Filter filter, double minScore) {
        return store.search(EmbeddingSearchRequest.builder()
                .queryEmbedding(RIGHT).maxResults(10).minScore(minScore).filter(filter).build())
                .matches();
    }
}
