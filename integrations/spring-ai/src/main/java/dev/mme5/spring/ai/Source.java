package dev.mme5.spring.ai;

import dev.mme5.engine.Input;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.embedding.EmbeddingResultMetadata;

/**
 * An input with what the response says of it.
 *
 * @param documentId for errors; null for a text that is no document
 */
record Source(Input input, EmbeddingResultMetadata metadata, @Nullable String documentId) {}
