package dev.mme5.examples.gallery;

import java.io.File;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.vectorstore.SimpleVectorStore;

/** Spring AI's store in memory. After {@code load} its map would not be safe for uploads at the same time. */
class GalleryStore extends SimpleVectorStore {
    GalleryStore(EmbeddingModel model) {
        super(SimpleVectorStore.builder(model));
    }

    @Override
    public void load(File file) {
        super.load(file);
        store = new ConcurrentHashMap<>(store);
    }

    boolean contains(String id) {
        return store.containsKey(id);
    }
}
