package dev.mme5.langchain4j;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.listener.EmbeddingModelErrorContext;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.listener.EmbeddingModelRequestContext;
import dev.langchain4j.model.embedding.listener.EmbeddingModelResponseContext;
import dev.langchain4j.model.embedding.request.EmbeddingInput;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.output.Response;
import dev.mme5.engine.Input;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** One request with listeners around it, as core's {@code EmbeddingModel.embed} does it, but for inputs without words as well. */
final class ObservedCall {
    private static final System.Logger LOG = System.getLogger(ObservedCall.class.getName());

    private final Mme5EmbeddingModel model;
    private final EmbeddingRequest request;
    private final List<EmbeddingModelListener> listeners;
    private final List<TextSegment> segments;
    private final Map<Object, Object> attributes = new ConcurrentHashMap<>();

    ObservedCall(Mme5EmbeddingModel model, EmbeddingRequest request, List<EmbeddingModelListener> listeners) {
        this.model = model;
        this.request = request;
        this.listeners = listeners;
        this.segments = request.inputs().stream().map(ObservedCall::segment).toList();
    }

    /** One for each input, so that they match the embeddings; what has no words is written as its image is in a prompt. */
    private static TextSegment segment(EmbeddingInput input) {
        String text = input.text();
        return TextSegment.from(text.isBlank() ? Input.IMAGE_TOKEN : text);
    }

    EmbeddingResponse run() {
        EmbeddingModelRequestContext before = EmbeddingModelRequestContext.builder()
                .textSegments(segments).embeddingRequest(request).embeddingModel(model).attributes(attributes).build();
        notifyAll(listener -> listener.onRequest(before));
        EmbeddingResponse response;
        try {
            response = model.doEmbed(request);
        } catch (RuntimeException e) {
            EmbeddingModelErrorContext failed = EmbeddingModelErrorContext.builder()
                    .error(e).textSegments(segments).embeddingRequest(request).embeddingModel(model).attributes(attributes).build();
            notifyAll(listener -> listener.onError(failed));
            throw e;
        }
        EmbeddingModelResponseContext after = EmbeddingModelResponseContext.builder()
                .textSegments(segments).embeddingRequest(request).embeddingModel(model).attributes(attributes)
                .embeddingResponse(response).response(Response.from(response.embeddings(), response.tokenUsage())).build();
        notifyAll(listener -> listener.onResponse(after));
        return response;
    }

    /** A listener that throws changes nothing. */
    private void notifyAll(Consumer<EmbeddingModelListener> call) {
        for (EmbeddingModelListener listener : listeners) {
            try {
                call.accept(listener);
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "a listener failed, which is ignored", e);
            }
        }
    }
}
