package dev.mme5.spring.ai;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.EmbeddingResult;
import dev.mme5.engine.ProgressListener;
import io.micrometer.observation.ObservationRegistry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.embedding.Embedding;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;
import org.springframework.ai.embedding.EmbeddingResponseMetadata;
import org.springframework.ai.embedding.observation.DefaultEmbeddingModelObservationConvention;
import org.springframework.ai.embedding.observation.EmbeddingModelObservationContext;
import org.springframework.ai.embedding.observation.EmbeddingModelObservationConvention;
import org.springframework.ai.embedding.observation.EmbeddingModelObservationDocumentation;

/** Calls the engine, one observation by Spring AI's conventions for each request. */
final class ObservedEngine {
    private static final EmbeddingModelObservationConvention DEFAULT_CONVENTION = new DefaultEmbeddingModelObservationConvention();

    private final EmbeddingModel engine;
    private final String modelName;
    private final int defaultDimensions;
    private final ObservationRegistry registry;
    private final @Nullable EmbeddingModelObservationConvention convention;

    ObservedEngine(EmbeddingModel engine, String modelName, int defaultDimensions, ObservationRegistry registry,
            @Nullable EmbeddingModelObservationConvention convention) {
        this.engine = engine;
        this.modelName = modelName;
        this.defaultDimensions = defaultDimensions;
        this.registry = registry;
        this.convention = convention;
    }

    int dimensions() {
        return defaultDimensions;
    }

    /**
     * Embeds all sources in one call of the engine.
     *
     * @param texts what an observation may show of the request
     * @throws IllegalArgumentException when the options ask for another model or for more dimensions
     * @throws UnusableDocumentException when a document is refused
     * @throws dev.mme5.engine.InputException when a text is refused
     */
    EmbeddingResponse call(List<String> texts, Mme5EmbeddingOptions options, List<Source> sources) {
        int dimensions = dimensions(options);
        EmbeddingRequest request = new EmbeddingRequest(texts, new Mme5EmbeddingOptions(modelName, dimensions, options.inputType()));
        EmbeddingModelObservationContext context = EmbeddingModelObservationContext.builder()
                .embeddingRequest(request)
                .provider(Mme5EmbeddingModel.PROVIDER)
                .build();
        return EmbeddingModelObservationDocumentation.EMBEDDING_MODEL_OPERATION
                .observation(convention, DEFAULT_CONVENTION, () -> context, registry)
                .observe(() -> {
                    EmbeddingResponse response = embed(sources, dimensions);
                    context.setResponse(response);
                    return response;
                });
    }

    private int dimensions(Mme5EmbeddingOptions options) {
        if (options.model() != null && !options.model().equals(modelName)) {
            throw new IllegalArgumentException("the request names the model " + options.model() + ", but this is " + modelName);
        }
        int dimensions = options.dimensions() == null ? defaultDimensions : options.dimensions();
        if (dimensions < 1 || dimensions > engine.dimensions()) {
            throw new IllegalArgumentException("dimensions is " + dimensions + ", expected 1 to " + engine.dimensions());
        }
        return dimensions;
    }

    private EmbeddingResponse embed(List<Source> sources, int dimensions) {
        List<EmbeddingResult> results = engine.tryEmbedAll(sources.stream().map(Source::input).toList(), ProgressListener.NONE);
        List<Embedding> embeddings = new ArrayList<>(sources.size());
        int tokens = 0;
        for (int i = 0; i < results.size(); i++) {
            Source source = sources.get(i);
            EmbeddingResult result = results.get(i);
            if (result.failed()) {
                if (source.documentId() == null) throw result.error();
                throw new UnusableDocumentException(source.documentId(), result.error().getMessage(), result.error());
            }
            tokens += result.embedding().tokens();
            embeddings.add(new Embedding(result.embedding().cut(dimensions).values(), i, source.metadata()));
        }
        return new EmbeddingResponse(embeddings, new EmbeddingResponseMetadata(modelName, new DefaultUsage(tokens, 0)));
    }
}
