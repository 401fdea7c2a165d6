package dev.mme5.lucene;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A document of the index.
 *
 * @param id its key: putting a document replaces the one with the same id
 * @param vector its embedding; not copied
 * @param text what it says, or null; kept as it is and not searched
 * @param metadata what to filter by: values are String, Integer, Long, Float, Double, Boolean or {@link java.util.UUID}
 */
public record EmbeddingDocument(String id, float[] vector, String text, Map<String, Object> metadata) {
    /** @throws IllegalArgumentException when the id is blank or too long, the vector zero or not finite, or metadata of another
     *     type or too long */
    public EmbeddingDocument {
        Objects.requireNonNull(id, "id");
        if (id.isBlank()) throw new IllegalArgumentException("the id of a document is blank");
        MetadataFields.requireTerm("the id of a document", id);
        Vectors.requireUsable(vector, id);
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        MetadataFields.requireUsable(id, metadata);
    }

    /** A document without text and metadata. */
    public static EmbeddingDocument of(String id, float[] vector) {
        return new EmbeddingDocument(id, vector, null, Map.of());
    }
}
