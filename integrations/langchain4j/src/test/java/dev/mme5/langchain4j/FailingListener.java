package dev.mme5.langchain4j;

import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.listener.EmbeddingModelRequestContext;

final class FailingListener implements EmbeddingModelListener {
    @Override
    public void onRequest(EmbeddingModelRequestContext context) {
        throw new IllegalStateException("a listener's own fault");
    }
}
