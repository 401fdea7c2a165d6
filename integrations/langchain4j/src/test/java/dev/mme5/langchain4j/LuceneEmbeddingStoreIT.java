package dev.mme5.langchain4j;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.store.embedding.EmbeddingStore;
import dev.langchain4j.store.embedding.EmbeddingStoreWithFilteringIT;
import dev.mme5.lucene.IndexSettings;
import dev.mme5.lucene.LuceneEmbeddingIndex;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** LangChain4j's own tests of a store with filters, {@code EmbeddingStoreIT} included. */
class LuceneEmbeddingStoreIT extends EmbeddingStoreWithFilteringIT {
    private static Mme5EmbeddingModel model;

    private final LuceneEmbeddingIndex index = LuceneEmbeddingIndex.open(new ByteBuffersDirectory(), IndexSettings.defaults());
    private final LuceneEmbeddingStore store = LuceneEmbeddingStore.of(index);

    @BeforeAll
    static void open() {
        model = TestModel.builder().build();
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @AfterEach
    void closeIndex() {
        index.close();
    }

    @Override
    protected EmbeddingStore<TextSegment> embeddingStore() {
        return store;
    }

    @Override
    protected EmbeddingModel embeddingModel() {
        return model;
    }

    @Override
    protected boolean supportsContains() {
        return true;
    }
}
