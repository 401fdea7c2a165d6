package dev.mme5.engine.family.mllama;

import dev.mme5.engine.family.WeightInput;
import dev.mme5.engine.family.WeightInput.Attention;
import dev.mme5.engine.family.WeightInput.Gated;
import dev.mme5.engine.family.WeightInput.Norm;
import dev.mme5.engine.family.WeightInput.Projection;
import java.util.Optional;
import java.util.Set;

/** The tensors of a checkpoint by canonical name (reference section 3): parts, weights that may have fewer bits, their inputs. */
final class MllamaTensors {
    private static final String TEXT = "language_model.";
    private static final String TEXT_LAYERS = TEXT + "layers.";

    /** Second-to-last name segment of the weights that are multiplied with activations, but for the patch embedding. */
    private static final Set<String> LINEAR = Set.of(
            "q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj", "fc1", "fc2", "multi_modal_projector");

    private final MllamaConfig config;

    MllamaTensors(MllamaConfig config) {
        this.config = config;
    }

    /** The part that a tensor belongs to, as reports name it. */
    String partOf(String tensor) {
        if (tensor.startsWith("vision_model.")) return "vision tower";
        if (tensor.startsWith("multi_modal_projector.")) return "projector";
        if (tensor.startsWith(TEXT + "embed_tokens.")) return "token embeddings";
        if (tensor.startsWith(TEXT + "norm.")) return "final norm";
        if (!tensor.startsWith(TEXT_LAYERS)) return "other";
        String index = tensor.substring(TEXT_LAYERS.length(), Math.max(tensor.indexOf('.', TEXT_LAYERS.length()), TEXT_LAYERS.length()));
        boolean cross = config.text().crossAttentionLayers().stream().anyMatch(layer -> index.equals(layer.toString()));
        return cross ? "cross-attention layers" : "self-attention layers";
    }

    /** Whether a weight may be stored as integers. */
    static boolean isQuantizable(String tensor) {
        String[] segments = tensor.split("\\.");
        if (segments.length < 2 || !segments[segments.length - 1].equals("weight")) return false;
        return LINEAR.contains(segments[segments.length - 2]) || MllamaTensorNames.INSTANCE.isTable(tensor);
    }

    /** Where the input of a layer's weight comes from; empty for other weights, and where nothing is known. */
    Optional<WeightInput> inputOf(String tensor) {
        int layers = tensor.indexOf("layers.");
        int end = layers < 0 ? 0 : tensor.indexOf('.', layers + "layers.".length()) + 1;
        if (end == 0) return Optional.empty();
        String layer = tensor.substring(0, end);
        Norm attentionNorm = new Norm(layer + "input_layernorm");
        Norm mlpNorm = new Norm(layer + "post_attention_layernorm");
        return Optional.ofNullable(switch (tensor.substring(end)) {
            case "self_attn.q_proj.weight", "self_attn.k_proj.weight", "self_attn.v_proj.weight", "cross_attn.q_proj.weight" ->
                    attentionNorm;
            case "mlp.gate_proj.weight", "mlp.up_proj.weight", "mlp.fc1.weight" -> mlpNorm;
            case "self_attn.o_proj.weight" -> attention(layer, new Projection(layer + "self_attn.v_proj", Optional.of(attentionNorm)));
            case "cross_attn.o_proj.weight" -> attention(layer, new Projection(layer + "cross_attn.v_proj", Optional.empty()));
            case "mlp.fc2.weight" -> new Projection(layer + "mlp.fc1", Optional.of(mlpNorm));
            case "mlp.down_proj.weight" -> new Gated(
                    new Projection(layer + "mlp.gate_proj", Optional.of(mlpNorm)),
                    new Projection(layer + "mlp.up_proj", Optional.of(mlpNorm)));
            default -> null;
        });
    }

    private Attention attention(String layer, Projection values) {
        if (!layer.startsWith(TEXT)) return new Attention(values, config.vision().headSize(), 1);
        return new Attention(values, config.text().headSize(), config.text().heads() / config.text().kvHeads());
    }
}
