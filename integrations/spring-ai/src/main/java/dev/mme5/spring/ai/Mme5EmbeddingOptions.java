package dev.mme5.spring.ai;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.embedding.EmbeddingOptions;

/**
 * Options of one request. Spring AI's own {@link EmbeddingOptions} are accepted as well; this type adds what a text is for.
 *
 * @param model the name of the model, which is only checked; null for whichever it is
 * @param dimensions how many numbers a vector has, at most those of the model; null for the model's default
 * @param inputType which instruction is put in front of texts
 */
public record Mme5EmbeddingOptions(@Nullable String model, @Nullable Integer dimensions, InputType inputType) implements EmbeddingOptions {
    /** What a text is for. */
    public enum InputType {
        /** Looks for documents. Vector stores ask for it by {@code embed(String)}. */
        QUERY,
        /** Is to be found. */
        DOCUMENT,
        /** Neither: no instruction. */
        PLAIN
    }

    public Mme5EmbeddingOptions {
        Objects.requireNonNull(inputType, "inputType");
    }

    /** The model's defaults for that use of a text. */
    public static Mme5EmbeddingOptions of(InputType inputType) {
        return new Mme5EmbeddingOptions(null, null, inputType);
    }

    static Mme5EmbeddingOptions of(@Nullable EmbeddingOptions options) {
        if (options instanceof Mme5EmbeddingOptions own) return own;
        if (options == null) return of(InputType.DOCUMENT);
        return new Mme5EmbeddingOptions(options.getModel(), options.getDimensions(), InputType.DOCUMENT);
    }

    @Override
    public @Nullable String getModel() {
        return model;
    }

    @Override
    public @Nullable Integer getDimensions() {
        return dimensions;
    }
}
