package dev.mme5.spring.ai;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import dev.mme5.spring.ai.Mme5EmbeddingOptions.InputType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.content.Media;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.AbstractEmbeddingModel;
import org.springframework.ai.embedding.BatchingStrategy;
import org.springframework.ai.embedding.Embedding;
import org.springframework.ai.embedding.EmbeddingOptions;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;
import org.springframework.ai.embedding.EmbeddingResultMetadata;

/**
 * An embedding model of Spring AI that runs in this JVM: texts, and documents whose metadata names an image ({@link Mme5Metadata}), so
 * that every vector store of Spring AI can hold images.
 *
 * <p>{@code embed(String)} is what vector stores call for a search: it uses the instruction for queries. All other methods use the
 * instruction for documents, unless {@link Mme5EmbeddingOptions} say otherwise. Special tokens in texts are text.
 *
 * <p>Any number of threads may call it. The engine belongs to the caller, who closes it afterwards.
 */
public class Mme5EmbeddingModel extends AbstractEmbeddingModel {
    /** The provider's name in Spring AI's properties and observations. */
    public static final String PROVIDER = "mme5";

    private static final Mme5EmbeddingOptions QUERY = Mme5EmbeddingOptions.of(InputType.QUERY);

    private final ObservedEngine engine;
    private final DocumentInputs documents;
    private final Instruction queryInstruction;
    private final Instruction documentInstruction;
    private final Map<String, ImageQuery> imageQueries = new ConcurrentHashMap<>();

    Mme5EmbeddingModel(Mme5EmbeddingModelBuilder builder) {
        engine = builder.observedEngine();
        documents = builder.documentInputs();
        queryInstruction = builder.queryInstruction();
        documentInstruction = builder.documentInstruction();
    }

    /** @param engine an open model; it stays the caller's to close */
    public static Mme5EmbeddingModelBuilder builder(EmbeddingModel engine) {
        return new Mme5EmbeddingModelBuilder(engine);
    }

    /**
     * Embeds texts, in order, in as few passes as possible.
     *
     * @throws dev.mme5.engine.InputException when a text cannot be embedded: the first such one
     * @throws IllegalArgumentException when the options ask for another model or for more dimensions than the model has
     */
    @Override
    public EmbeddingResponse call(EmbeddingRequest request) {
        Mme5EmbeddingOptions options = Mme5EmbeddingOptions.of(request.getOptions());
        List<String> texts = request.getInstructions();
        if (texts.size() == 1 && options.inputType() == InputType.QUERY) {
            ImageQuery query = imageQueries.get(texts.getFirst());
            if (query != null) return new EmbeddingResponse(List.of(new Embedding(query.vector(), 0)));
        }
        Instruction instruction = switch (options.inputType()) {
            case QUERY -> queryInstruction;
            case DOCUMENT -> documentInstruction;
            case PLAIN -> Instruction.NONE;
        };
        List<Source> sources = new ArrayList<>(texts.size());
        for (String text : texts) {
            sources.add(new Source(Input.literal(instruction.apply(text)), EmbeddingResultMetadata.EMPTY, null));
        }
        return engine.call(texts, options, sources);
    }

    /** Embeds a query, as vector stores ask for it; the text of an open {@link ImageQuery} gives that image's vector. */
    @Override
    public float[] embed(String text) {
        return call(new EmbeddingRequest(List.of(text), QUERY)).getResult().getOutput();
    }

    /**
     * Embeds a document: its text, its media, and the images that its metadata names.
     *
     * @throws UnusableDocumentException when it cannot be embedded
     */
    @Override
    public float[] embed(Document document) {
        return callDocuments(List.of(document), null).getResult().getOutput();
    }

    /**
     * Embeds documents, in order, each batch of the strategy in one call of the engine. Vector stores call this method when documents are
     * added.
     *
     * @throws UnusableDocumentException when one of them cannot be embedded: the first such one
     */
    @Override
    public List<float[]> embed(List<Document> documents, @Nullable EmbeddingOptions options, BatchingStrategy batchingStrategy) {
        List<float[]> vectors = new ArrayList<>(documents.size());
        for (List<Document> batch : batchingStrategy.batch(documents)) {
            for (Embedding embedding : callDocuments(batch, options).getResults()) vectors.add(embedding.getOutput());
        }
        if (vectors.size() != documents.size()) {
            throw new IllegalStateException("the batching strategy gave " + vectors.size() + " documents of " + documents.size());
        }
        return vectors;
    }

    EmbeddingResponse callDocuments(List<Document> batch, @Nullable EmbeddingOptions options) {
        List<Source> sources = batch.stream().map(documents::source).toList();
        List<String> texts = batch.stream().map(documents::text).toList();
        return engine.call(texts, Mme5EmbeddingOptions.of(options), sources);
    }

    /** The words of a document that are embedded, without its instruction. */
    @Override
    public String getEmbeddingContent(Document document) {
        return documents.text(document);
    }

    /** A query by an image, with the standard instruction. Close it after the search. */
    public ImageQuery imageQuery(Media image) {
        return imageQuery(image, "");
    }

    /**
     * A query by an image and words.
     *
     * @param words an instruction or a change that is wanted; blank for the standard instruction
     * @throws IllegalArgumentException when it is no image, or a file that may not be read
     * @throws dev.mme5.engine.InputException when the image cannot be embedded
     */
    public ImageQuery imageQuery(Media image, String words) {
        Objects.requireNonNull(words, "words");
        Source source = new Source(documents.query(image, words), EmbeddingResultMetadata.EMPTY, null);
        float[] vector = engine.call(List.of(words), QUERY, List.of(source)).getResult().getOutput();
        return new ImageQuery("image query " + UUID.randomUUID(), vector, imageQueries);
    }

    /** How many numbers a vector has: those of the model, or fewer if the builder says so. */
    @Override
    public int dimensions() {
        return engine.dimensions();
    }
}
