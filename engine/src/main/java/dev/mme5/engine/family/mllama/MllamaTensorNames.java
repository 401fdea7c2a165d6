package dev.mme5.engine.family.mllama;

import dev.mme5.weights.TensorNames;
import java.util.Set;

/**
 * The two naming schemes of Mllama checkpoints, mapped to one. A leading {@code model.} is dropped, and then {@code
 * language_model.model.} becomes {@code language_model.}, so that files of either scheme, or of both, read the same.
 */
public final class MllamaTensorNames implements TensorNames {
    public static final MllamaTensorNames INSTANCE = new MllamaTensorNames();

    /** The second-to-last segment of the names of tables. */
    private static final Set<String> TABLES = Set.of("embed_tokens", "tile_embedding");

    private MllamaTensorNames() {}

    @Override
    public String canonical(String name) {
        String inner = name.startsWith("model.") ? name.substring("model.".length()) : name;
        return inner.startsWith("language_model.model.")
                ? "language_model." + inner.substring("language_model.model.".length())
                : inner;
    }

    @Override
    public boolean isTable(String name) {
        String[] segments = name.split("\\.");
        return segments.length > 1 && TABLES.contains(segments[segments.length - 2]);
    }
}
