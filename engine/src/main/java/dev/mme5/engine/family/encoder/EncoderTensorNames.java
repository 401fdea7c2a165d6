package dev.mme5.engine.family.encoder;

import dev.mme5.weights.TensorNames;
import java.util.List;

/**
 * The naming schemes of encoder checkpoints, mapped to one: with the name of the architecture in front where a model with a head was
 * saved, with the module's name where the {@code state_dict} of a SentenceTransformer was saved, and with {@code gamma} and {@code beta} in
 * norms that were converted from TensorFlow.
 */
final class EncoderTensorNames implements TensorNames {
    static final EncoderTensorNames INSTANCE = new EncoderTensorNames();

    private static final List<String> PREFIXES = List.of("bert.", "roberta.", "0.auto_model.", "0.model.");
    private static final String GAMMA = ".gamma";
    private static final String BETA = ".beta";

    private EncoderTensorNames() {}

    @Override
    public String canonical(String name) {
        String inner = name;
        for (String prefix : PREFIXES) {
            if (name.startsWith(prefix)) inner = name.substring(prefix.length());
        }
        if (inner.endsWith(GAMMA)) return inner.substring(0, inner.length() - GAMMA.length()) + ".weight";
        return inner.endsWith(BETA) ? inner.substring(0, inner.length() - BETA.length()) + ".bias" : inner;
    }

    @Override
    public boolean isTable(String name) {
        return name.contains("word_embeddings.");
    }
}
