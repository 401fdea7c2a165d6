package dev.mme5.langchain4j;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.listener.EmbeddingModelErrorContext;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.listener.EmbeddingModelRequestContext;
import dev.langchain4j.model.embedding.listener.EmbeddingModelResponseContext;
import java.util.List;

/** Writes down what it is told. */
record RecordingListener(List<String> events) implements EmbeddingModelListener {
    @Override
    public void onRequest(EmbeddingModelRequestContext context) {
        events.add("request " + context.textSegments().stream().map(TextSegment::text).toList());
    }

    @Override
    public void onResponse(EmbeddingModelResponseContext context) {
        events.add("response " + context.response().content().size());
    }

    @Override
    public void onError(EmbeddingModelErrorContext context) {
        events.add("error " + context.error().getClass().getSimpleName());
    }
}
