package dev.mme5.langchain4j;

import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import java.util.Map;

/**
 * What stands around an input, by its type.
 *
 * @param query for {@link EmbeddingInputType#QUERY}, or null for none
 * @param document for {@link EmbeddingInputType#DOCUMENT}, or null for none
 */
record Instructions(Affixes query, Affixes document) {
    static final String TEXT = "{text}";

    /**
     * Instructions that have the input's text where they say {@code {text}}, or else behind them.
     *
     * @param query null for none
     * @param document null for none
     */
    static Instructions of(String query, String document) {
        return new Instructions(Affixes.of(query), Affixes.of(document));
    }

    /** These, and where there is none, the prompt that the model folder names, as it is in front of the text. */
    Instructions orElse(Map<String, String> prompts) {
        String ofDocuments = prompts.getOrDefault("document", prompts.get("passage"));
        return new Instructions(
                query == null ? Affixes.before(prompts.get("query")) : query,
                document == null ? Affixes.before(ofDocuments) : document);
    }

    /** What comes before the text and what comes after it. */
    Affixes of(EmbeddingInputType type) {
        Affixes affixes = switch (type) {
            case null -> null;
            case QUERY -> query;
            case DOCUMENT -> document;
        };
        return affixes == null ? Affixes.NONE : affixes;
    }

    record Affixes(String before, String after) {
        static final Affixes NONE = new Affixes("", "");

        /** Null for null. */
        private static Affixes of(String instruction) {
            int text = instruction == null ? -1 : instruction.indexOf(TEXT);
            return text < 0
                    ? before(instruction)
                    : new Affixes(instruction.substring(0, text), instruction.substring(text + TEXT.length()));
        }

        /** Null for null. */
        private static Affixes before(String prompt) {
            return prompt == null ? null : new Affixes(prompt, "");
        }
    }
}
