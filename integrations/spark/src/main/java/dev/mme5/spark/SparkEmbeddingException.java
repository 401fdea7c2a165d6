package dev.mme5.spark;

import dev.mme5.json.Mme5Exception;

/** A job cannot embed: a row failed and the job is to fail then, there is no such model, or the JVM lacks the vector module. */
public final class SparkEmbeddingException extends Mme5Exception {
    private static final long serialVersionUID = 1;

    /** @param message what is wrong, in one line */
    public SparkEmbeddingException(String message) {
        super(message);
    }

    /**
     * @param message what is wrong, in one line
     * @param cause may be null
     */
    public SparkEmbeddingException(String message, Throwable cause) {
        super(message, cause);
    }
}
