package dev.mme5.engine.family.mllama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.family.WeightInput;
import dev.mme5.engine.testing.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A model whose layers 1 and 4 attend to images; 4 query heads of 16 share 2 heads of keys and values. */
class MllamaTensorsTest {
    private final MllamaTensors tensors = new MllamaTensors(MllamaConfig.read(Golden.read("a-bf16-hub").folder()));

    @ParameterizedTest
    @CsvSource({
        "vision_model.transformer.layers.0.mlp.fc1.weight, vision tower",
        "multi_modal_projector.bias, projector",
        "language_model.embed_tokens.weight, token embeddings",
        "language_model.norm.weight, final norm",
        "language_model.layers.0.mlp.up_proj.weight, self-attention layers",
        "language_model.layers.1.mlp.up_proj.weight, cross-attention layers",
        "language_model.layers.4.cross_attn_attn_gate, cross-attention layers",
        "language_model.layers.41.mlp.up_proj.weight, self-attention layers",
        "something.else, other"
    })
    void everyTensorHasAPart(String tensor, String part) {
        assertThat(tensors.partOf(tensor)).isEqualTo(part);
    }

    @ParameterizedTest
    @CsvSource({
        "language_model.layers.0.self_attn.q_proj.weight, true",
        "multi_modal_projector.weight, true",
        "multi_modal_projector.bias, false",
        "language_model.embed_tokens.weight, true",
        "vision_model.gated_positional_embedding.tile_embedding.weight, true",
        "vision_model.pre_tile_positional_embedding.embedding.weight, false",
        "vision_model.patch_embedding.weight, false",
        "language_model.layers.0.input_layernorm.weight, false",
        "weight, false"
    })
    void weightsOfMatmulsAndTheLargeTablesMayBeQuantized(String tensor, boolean quantizable) {
        assertThat(MllamaTensors.isQuantizable(tensor)).isEqualTo(quantizable);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            language_model.layers.0.self_attn.q_proj.weight       | Norm[scope=L.input_layernorm]
            language_model.layers.0.mlp.up_proj.weight            | Norm[scope=L.post_attention_layernorm]
            language_model.layers.0.self_attn.o_proj.weight       | Attention[values=Projection[scope=L.self_attn.v_proj, input=Optional[Norm[scope=L.input_layernorm]]], headSize=16, queriesPerKey=2]
            language_model.layers.1.cross_attn.o_proj.weight \
                    | Attention[values=Projection[scope=L.cross_attn.v_proj, input=Optional.empty], headSize=16, queriesPerKey=2]
            vision_model.transformer.layers.0.mlp.fc2.weight \
                    | Projection[scope=L.mlp.fc1, input=Optional[Norm[scope=L.post_attention_layernorm]]]
            vision_model.transformer.layers.0.self_attn.o_proj.weight | Attention[values=Projection[scope=L.self_attn.v_proj, input=Optional[Norm[scope=L.input_layernorm]]], headSize=12, queriesPerKey=1]
            """)
    void theInputOfAWeightComesFromTheLayerBefore(String tensor, String input) {
        String layer = tensor.replaceFirst("(layers\\.\\d+)\\..*", "$1");

        assertThat(tensors.inputOf(tensor).orElseThrow()).hasToString(input.replace("L.", layer + "."));
    }

    @Test
    void theDownProjectionReadsBothGateAndUp() {
        WeightInput input = tensors.inputOf("language_model.layers.3.mlp.down_proj.weight").orElseThrow();

        assertThat(input).isInstanceOfSatisfying(WeightInput.Gated.class, gated -> {
            assertThat(gated.gate().scope()).isEqualTo("language_model.layers.3.mlp.gate_proj");
            assertThat(gated.up().scope()).isEqualTo("language_model.layers.3.mlp.up_proj");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "multi_modal_projector.weight", "language_model.embed_tokens.weight", "language_model.layers.1.cross_attn.k_proj.weight",
        "language_model.layers.0", "vision_model.patch_embedding.weight"
    })
    void nothingIsKnownOfOtherInputs(String tensor) {
        assertThat(tensors.inputOf(tensor)).isEmpty();
    }
}
