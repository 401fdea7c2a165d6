package dev.mme5.engine.family.encoder;

import dev.mme5.engine.family.WeightInput;
import java.util.Optional;

/** The tensors of a checkpoint by canonical name: parts, weights that may have fewer bits, and their inputs. */
record EncoderTensors(EncoderConfig config) {
    private static final String LAYERS = "encoder.layer.";

    /** The part that a tensor belongs to, as reports name it. */
    static String partOf(String tensor) {
        if (tensor.startsWith("embeddings.word_embeddings.")) return "token embeddings";
        if (tensor.startsWith("embeddings.")) return "positions and types";
        return tensor.startsWith(LAYERS) ? "encoder layers" : "other";
    }

    /** The part of a tensor that no embedding reads; empty for the others. */
    static Optional<String> unusedPartOf(String tensor) {
        if (tensor.startsWith("pooler.")) return Optional.of("pooler");
        if (tensor.startsWith("cls.") || tensor.startsWith("lm_head.") || tensor.startsWith("classifier.")) return Optional.of("head");
        if (tensor.equals("embeddings.position_ids") || tensor.equals("embeddings.token_type_ids")) return Optional.of("buffers");
        return Optional.empty();
    }

    /** Whether a weight may be stored as integers: the matrices of the layers, and the large table. */
    static boolean isQuantizable(String tensor) {
        if (!tensor.endsWith(".weight") || tensor.endsWith("LayerNorm.weight")) return false;
        return tensor.startsWith(LAYERS) || EncoderTensorNames.INSTANCE.isTable(tensor);
    }

    /** Where the input of a layer's weight comes from; empty for other weights. */
    Optional<WeightInput> inputOf(String tensor) {
        if (!tensor.startsWith(LAYERS)) return Optional.empty();
        int end = tensor.indexOf('.', LAYERS.length()) + 1;
        if (end == 0) return Optional.empty();
        String layer = tensor.substring(0, end);
        WeightInput.Norm input = new WeightInput.Norm(normBefore(tensor.substring(LAYERS.length(), end - 1)));
        WeightInput.Norm attended = new WeightInput.Norm(layer + "attention.output.LayerNorm");
        return Optional.ofNullable(switch (tensor.substring(end)) {
            case "attention.self.query.weight", "attention.self.key.weight", "attention.self.value.weight" -> input;
            case "attention.output.dense.weight" -> new WeightInput.Attention(
                    new WeightInput.Projection(layer + "attention.self.value", Optional.of(input)), config.headSize(), 1);
            case "intermediate.dense.weight" -> attended;
            case "output.dense.weight" -> new WeightInput.Projection(layer + "intermediate.dense", Optional.of(attended));
            default -> null;
        });
    }

    /** The norm whose output a layer reads: the last of the layer before. */
    private String normBefore(String index) {
        for (int i = 1; i < config.layers(); i++) {
            if (index.equals(Integer.toString(i))) return LAYERS + (i - 1) + ".output.LayerNorm";
        }
        return "embeddings.LayerNorm";
    }
}
