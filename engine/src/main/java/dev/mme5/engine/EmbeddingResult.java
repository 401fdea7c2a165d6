package dev.mme5.engine;

/**
 * The result of one input of many: its embedding, or the reason why there is none.
 *
 * @param embedding the vector, or null when the input failed
 * @param error why it failed, or null
 */
public record EmbeddingResult(Embedding embedding, InputException error) {
    public EmbeddingResult {
        if ((embedding == null) == (error == null)) throw new IllegalArgumentException("either an embedding or an error");
    }

    public boolean failed() {
        return error != null;
    }
}
