package dev.mme5.engine.family.mllama;

import java.util.function.Predicate;

/** The parts of a checkpoint, as reports name them. */
public final class MllamaParts {
    private static final String NOT_READ = " (not read)";

    private MllamaParts() {}

    /**
     * The part that a tensor belongs to.
     *
     * @param tensor normalised name
     * @param config the model, or null when it is not known
     * @param isRead whether {@link Mllama#load} asks for a tensor of that name
     */
    public static String partOf(String tensor, MllamaConfig config, Predicate<String> isRead) {
        if (!isRead.test(tensor)) return (tensor.contains("lm_head") ? "lm_head" : "other") + NOT_READ;
        if (tensor.startsWith("vision_model.")) return "vision tower";
        if (tensor.startsWith("multi_modal_projector.")) return "projector";
        if (tensor.startsWith("language_model.embed_tokens.")) return "token embeddings";
        if (tensor.startsWith("language_model.norm.")) return "final norm";
        String layers = "language_model.layers.";
        if (!tensor.startsWith(layers) || config == null) return "other" + NOT_READ;
        String index = tensor.substring(layers.length(), Math.max(tensor.indexOf('.', layers.length()), layers.length()));
        boolean cross = config.text().crossAttentionLayers().stream().anyMatch(layer -> index.equals(layer.toString()));
        return cross ? "cross-attention layers" : "self-attention layers";
    }

    /** Whether the engine reads the tensors of a part. */
    public static boolean isRead(String part) {
        return !part.endsWith(NOT_READ);
    }
}
