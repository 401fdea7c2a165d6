package dev.mme5.langchain4j;

import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.spi.model.embedding.EmbeddingModelFactory;

/**
 * The model that LangChain4j takes when none is named: that of the system property {@code mme5.model} or the environment variable
 * {@code MME5_MODEL}, a folder or {@code ORG/NAME}.
 */
public final class Mme5EmbeddingModelFactory implements EmbeddingModelFactory {
    static final String PROPERTY = "mme5.model";
    static final String VARIABLE = "MME5_MODEL";

    /** @throws IllegalStateException when neither names a model */
    @Override
    public EmbeddingModel create() {
        String model = System.getProperty(PROPERTY, System.getenv(VARIABLE));
        if (model == null || model.isBlank()) {
            throw new IllegalStateException(
                    "no model is named: set the system property " + PROPERTY + " or the environment variable " + VARIABLE);
        }
        return Mme5EmbeddingModel.builder().model(model).build();
    }
}
