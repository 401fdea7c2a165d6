package dev.mme5.spring.ai;

import java.util.Objects;
import org.springframework.ai.embedding.DocumentEmbeddingModel;
import org.springframework.ai.embedding.DocumentEmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;

/**
 * Embeds documents with an image, with text, or with both: one vector for each document. A document with media has its words under
 * {@link Mme5Metadata#TEXT}, a document with text its images under {@link Mme5Metadata#IMAGE}; together they give one vector.
 *
 * <p>It shares the engine and the settings of a {@link Mme5EmbeddingModel}. Any number of threads may call it.
 */
public class Mme5DocumentEmbeddingModel implements DocumentEmbeddingModel {
    private final Mme5EmbeddingModel model;

    /** @param model whose engine, instructions, image folders and observations it uses */
    public Mme5DocumentEmbeddingModel(Mme5EmbeddingModel model) {
        this.model = Objects.requireNonNull(model, "model");
    }

    /**
     * Embeds documents, in order. All of them are packed into passes together.
     *
     * @throws UnusableDocumentException when one of them cannot be embedded: the first such one
     * @throws IllegalArgumentException when the options ask for another model or for more dimensions than the model has
     */
    @Override
    public EmbeddingResponse call(DocumentEmbeddingRequest request) {
        return model.callDocuments(request.getInstructions(), request.getOptions());
    }

    /** How many numbers a vector has. */
    @Override
    public int dimensions() {
        return model.dimensions();
    }
}
