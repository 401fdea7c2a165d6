package dev.mme5.langchain4j;

import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import java.util.Map;

/**
 * What stands in front of an input, by its type. An instruction with {@code {text}} in it has the input's text there.
 *
 * @param query for {@link EmbeddingInputType#QUERY}, or null for none
 * @param document for {@link EmbeddingInputType#DOCUMENT}, or null for none
 */
record Instructions(String query, String document) {
    static final String TEXT = "{text}";

    /** These, and where there is none, the prompt that the model folder names. */
    Instructions orElse(Map<String, String> prompts) {
        String ofDocuments = prompts.getOrDefault("document", prompts.get("passage"));
        return new Instructions(query == null ? prompts.get("query") : query, document == null ? ofDocuments : document);
    }

    /** What comes before the text and what comes after it. */
    Affixes of(EmbeddingInputType type) {
        String instruction = switch (type) {
            case null -> null;
            case QUERY -> query;
            case DOCUMENT -> document;
        };
        if (instruction == null) return Affixes.NONE;
        int text = instruction.indexOf(TEXT);
        return text < 0
                ? new Affixes(instruction, "")
                : new Affixes(instruction.substring(0, text), instruction.substring(text + TEXT.length()));
    }

    record Affixes(String before, String after) {
        static final Affixes NONE = new Affixes("", "");
    }
}
