package dev.mme5.lucene;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.DoublePoint;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexableField;

/**
 * Metadata as fields. Each value is stored under a name that tells its type, and indexed once: strings, UUIDs and booleans as a term, whole
 * numbers as a long, others as a double, so that {@link MetadataQueries} compares them exactly.
 */
final class MetadataFields {
    /** Terms with the names of the keys that a document has. */
    static final String KEYS = "keys";

    static final String TERM = "term:";
    static final String LONG = "long:";
    static final String DOUBLE = "double:";

    private static final String STORED_VALUE = "value:";
    private static final String STORED_UUID = "uuid:";
    private static final String STORED_BOOLEAN = "boolean:";

    /** Lucene's limit of a term. */
    private static final int MAX_TERM_BYTES = 32_766;

    private MetadataFields() {}

    static void requireUsable(String id, Map<String, Object> metadata) {
        metadata.forEach((key, value) -> {
            requireTerm(id + ": a key of the metadata", key);
            switch (value) {
                case String text -> requireTerm(id + ": metadata " + key, text);
                case Integer _,Long _,Float _,Double _,Boolean _,UUID _ -> {}
                case null -> throw new IllegalArgumentException(id + ": metadata " + key + " is null");
                default -> throw new IllegalArgumentException(
                        id + ": metadata " + key + " is a " + value.getClass().getName()
                                + ", expected text, a number, a boolean or a UUID");
            }
        });
    }

    static void requireTerm(String name, String term) {
        int bytes = term.getBytes(StandardCharsets.UTF_8).length;
        if (bytes <= MAX_TERM_BYTES) return;
        throw new IllegalArgumentException("%s has %,d bytes, expected at most %,d; long texts belong into the text"
                .formatted(name, bytes, MAX_TERM_BYTES));
    }

    static void add(Document document, Map<String, Object> metadata) {
        metadata.forEach((key, value) -> {
            document.add(new StringField(KEYS, key, Field.Store.NO));
            switch (value) {
                case Integer number -> {
                    document.add(new LongPoint(LONG + key, number));
                    document.add(new StoredField(STORED_VALUE + key, number));
                }
                case Long number -> {
                    document.add(new LongPoint(LONG + key, number));
                    document.add(new StoredField(STORED_VALUE + key, number));
                }
                case Float number -> {
                    document.add(new DoublePoint(DOUBLE + key, decimal(number)));
                    document.add(new StoredField(STORED_VALUE + key, number));
                }
                case Double number -> {
                    document.add(new DoublePoint(DOUBLE + key, number));
                    document.add(new StoredField(STORED_VALUE + key, number));
                }
                case String text -> addTerm(document, key, text, STORED_VALUE);
                case UUID uuid -> addTerm(document, key, uuid.toString(), STORED_UUID);
                default -> addTerm(document, key, value.toString(), STORED_BOOLEAN);
            }
        });
    }

    private static void addTerm(Document document, String key, String term, String stored) {
        document.add(new StringField(TERM + key, term, Field.Store.NO));
        document.add(new StoredField(stored + key, term));
    }

    /** The double that is written as the float is: 1.23f is 1.23, not 1.2300000190734863. */
    static double decimal(Number number) {
        return Double.parseDouble(number.toString());
    }

    static Map<String, Object> read(Document document) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        for (IndexableField field : document) {
            String name = field.name();
            int colon = name.indexOf(':');
            if (colon < 0) continue;
            String key = name.substring(colon + 1);
            switch (name.substring(0, colon + 1)) {
                case STORED_VALUE -> metadata.put(key, field.numericValue() == null ? field.stringValue() : field.numericValue());
                case STORED_UUID -> metadata.put(key, UUID.fromString(field.stringValue()));
                case STORED_BOOLEAN -> metadata.put(key, Boolean.valueOf(field.stringValue()));
                default -> {}
            }
        }
        return metadata;
    }
}
