package dev.mme5.engine.family.mllama;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MllamaTensorNamesTest {
    @ParameterizedTest
    @CsvSource({
        "vision_model.class_embedding,                  vision_model.class_embedding",
        "model.vision_model.class_embedding,            vision_model.class_embedding",
        "multi_modal_projector.bias,                    multi_modal_projector.bias",
        "model.multi_modal_projector.bias,              multi_modal_projector.bias",
        "language_model.model.layers.0.mlp.up.weight,   language_model.layers.0.mlp.up.weight",
        "model.language_model.layers.0.mlp.up.weight,   language_model.layers.0.mlp.up.weight",
        "language_model.lm_head.weight,                 language_model.lm_head.weight",
        "lm_head.weight,                                lm_head.weight",
        "model.language_model.model.x,                  language_model.x",
        "model.model.x,                                 model.x",
        "vision_model.model.x,                          vision_model.model.x",
        "models.x,                                      models.x",
    })
    void bothNamingSchemesHaveOneCanonicalName(String stored, String canonical) {
        assertEquals(canonical, MllamaTensorNames.INSTANCE.canonical(stored));
    }

    @ParameterizedTest
    @CsvSource({
        "language_model.embed_tokens.weight,                                  true",
        "language_model.model.embed_tokens.weight,                            true",
        "vision_model.gated_positional_embedding.tile_embedding.weight,       true",
        "language_model.layers.0.mlp.up_proj.weight,                          false",
        "embed_tokens,                                                        false",
    })
    void tablesAreTheTokenAndTheTileEmbeddings(String name, boolean isTable) {
        assertEquals(isTable, MllamaTensorNames.INSTANCE.isTable(name));
    }
}
