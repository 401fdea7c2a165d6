package dev.mme5.langchain4j;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.ContentType;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.request.EmbeddingParameter;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.request.EmbeddingRequestParameters;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.output.TokenUsage;
import dev.mme5.engine.BusyException;
import dev.mme5.engine.Input;
import dev.mme5.engine.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * An embedding model that runs in this JVM. An input may be texts and images in any order; it has one vector, that of the model.
 *
 * <p>Texts are data: {@code <|image|>} and other special tokens in them are text. Images come from base64, from {@code data:} URLs, and
 * from {@code file:} URLs below a folder that the builder allows; nothing is ever fetched.
 *
 * <p>A request may say {@code modelName} (only this model's), {@code dimensions} (the first numbers, scaled to unit length; mmE5 was not
 * trained for that) and {@code inputType}, which puts the instruction for queries or for documents in front of each input. Core's
 * {@code EmbeddingStoreContentRetriever} and {@code EmbeddingStoreIngestor} say it when their builders are told to.
 *
 * <p>Any number of threads may use one model at once. An input that cannot be embedded is an {@link InvalidRequestException}, and
 * a model that is busy for longer than its options allow a {@link RateLimitException}, which core tries again.
 */
public final class Mme5EmbeddingModel implements EmbeddingModel, AutoCloseable {
    private final dev.mme5.engine.EmbeddingModel engine;
    private final boolean isOwner;
    private final InputConverter converter;
    private final EmbeddingRequestParameters defaults;
    private final List<EmbeddingModelListener> listeners;

    Mme5EmbeddingModel(dev.mme5.engine.EmbeddingModel engine, boolean isOwner, InputConverter converter,
            EmbeddingRequestParameters defaults, List<EmbeddingModelListener> listeners) {
        this.engine = engine;
        this.isOwner = isOwner;
        this.converter = converter;
        this.defaults = defaults;
        this.listeners = List.copyOf(listeners);
    }

    public static Mme5EmbeddingModelBuilder builder() {
        return new Mme5EmbeddingModelBuilder();
    }

    /**
     * {@inheritDoc}
     *
     * @throws dev.langchain4j.exception.UnsupportedFeatureException when it has a parameter or a type of content that this model lacks
     * @throws InvalidRequestException when an input cannot be embedded: the first such one
     */
    @Override
    public EmbeddingResponse embed(EmbeddingRequest request) {
        EmbeddingRequest complete = EmbeddingRequest.builder()
                .inputs(request.inputs())
                .parameters(defaults.overrideWith(request.parameters()))
                .build();
        RequestChecks.check(this, complete);
        // Not the default method: it gives an image without words to listeners as a text segment, which may not be blank (1.19.0, 1.23.0).
        return listeners.isEmpty() ? doEmbed(complete) : new ObservedCall(this, complete, listeners).run();
    }

    @Override
    public EmbeddingResponse doEmbed(EmbeddingRequest request) {
        List<Input> inputs = request.inputs().stream().map(input -> converter.convert(input, request.inputType())).toList();
        List<dev.mme5.engine.Embedding> results = compute(inputs);

        List<Embedding> embeddings = new ArrayList<>(results.size());
        int tokens = 0;
        for (dev.mme5.engine.Embedding result : results) {
            tokens += result.tokens();
            Integer dimensions = request.dimensions();
            embeddings.add(Embedding.from((dimensions == null ? result : result.cut(dimensions)).values()));
        }
        return EmbeddingResponse.builder()
                .embeddings(embeddings)
                .modelName(modelName())
                .tokenUsage(new TokenUsage(tokens))
                .build();
    }

    private List<dev.mme5.engine.Embedding> compute(List<Input> inputs) {
        try {
            return engine.embedAll(inputs);
        } catch (InputException e) {
            throw new InvalidRequestException(e.getMessage(), e);
        } catch (BusyException e) {
            throw new RateLimitException(e.getMessage(), e);
        }
    }

    @Override
    public EmbeddingModel addListeners(List<EmbeddingModelListener> more) {
        if (more == null || more.isEmpty()) return this;
        List<EmbeddingModelListener> all = new ArrayList<>(listeners);
        all.addAll(more);
        return new Mme5EmbeddingModel(engine, isOwner, converter, defaults, all);
    }

    @Override
    public int dimension() {
        Integer cut = defaults.dimensions();
        return cut == null ? engine.dimensions() : cut;
    }

    /** How many numbers the model computes; {@link #dimension} may be fewer. */
    int maxDimensions() {
        return engine.dimensions();
    }

    @Override
    public String modelName() {
        return defaults.modelName();
    }

    /** {@link ModelProvider#OTHER}: the list has none for models that run in the JVM. */
    @Override
    public ModelProvider provider() {
        return ModelProvider.OTHER;
    }

    @Override
    public List<EmbeddingModelListener> listeners() {
        return listeners;
    }

    @Override
    public EmbeddingRequestParameters defaultRequestParameters() {
        return defaults;
    }

    @Override
    public Set<EmbeddingParameter<?>> supportedParameters() {
        return Set.of(EmbeddingRequestParameters.MODEL_NAME, EmbeddingRequestParameters.DIMENSIONS, EmbeddingRequestParameters.INPUT_TYPE);
    }

    /** {@inheritDoc} A text encoder, such as E5, supports texts only. */
    @Override
    public Set<ContentType> supportedContentTypes() {
        return engine.takesImages() ? Set.of(ContentType.TEXT, ContentType.IMAGE) : Set.of(ContentType.TEXT);
    }

    /** The engine's model behind this one, for what LangChain4j has no words for. */
    public dev.mme5.engine.EmbeddingModel engine() {
        return engine;
    }

    /** Closes the engine's model, unless it was handed to the builder open. Closing twice is harmless. */
    @Override
    public void close() {
        if (isOwner) engine.close();
    }
}
