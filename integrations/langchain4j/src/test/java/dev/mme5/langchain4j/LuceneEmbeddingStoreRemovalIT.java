package dev.mme5.langchain4j;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.store.embedding.EmbeddingStore;
import dev.langchain4j.store.embedding.EmbeddingStoreWithRemovalIT;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** LangChain4j's own tests of removing, in a folder. */
class LuceneEmbeddingStoreRemovalIT extends EmbeddingStoreWithRemovalIT {
    private static Mme5EmbeddingModel model;

    @TempDir
    Path folder;

    private LuceneEmbeddingStore store;

    @BeforeAll
    static void open() {
        model = TestModel.builder().build();
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @BeforeEach
    void openStore() {
        store = LuceneEmbeddingStore.open(folder);
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Override
    protected EmbeddingStore<TextSegment> embeddingStore() {
        return store;
    }

    @Override
    protected EmbeddingModel embeddingModel() {
        return model;
    }
}
