package dev.mme5.search.index;

import dev.mme5.engine.EmbeddingModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The options that change vectors, as an index keeps them beside the fingerprint, so that a refusal can name the one that differs. */
final class IndexOptions {
    static final String MAX_TOKENS = "max_tokens";

    private IndexOptions() {}

    /** The options of a model, by their names in the metadata. */
    static Map<String, String> of(EmbeddingModel model) {
        Map<String, String> options = new LinkedHashMap<>();
        options.put(MAX_TOKENS, Integer.toString(model.maxTokens()));
        options.put("exif", Boolean.toString(model.options().applyExif()));
        options.put("single_bos", Boolean.toString(model.options().dropDuplicateBos()));
        return options;
    }

    /**
     * The options that differ, such as "max_tokens 512, not 3". Empty if none does, or if the index was written by a version that did not
     * keep them.
     */
    static List<String> differences(Map<String, String> metadata, EmbeddingModel model) {
        List<String> differences = new ArrayList<>();
        of(model).forEach((name, now) -> {
            String then = metadata.get(name);
            if (then != null && !then.equals(now)) differences.add("%s %s, not %s".formatted(name, then, now));
        });
        return differences;
    }
}
