package dev.mme5.benchmarks.subject;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.ProgressListener;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** On the reference's tiny models: one whose tokenizer puts a token before the image, and one whose does not. */
class EmbedInputsTest {
    private static final Path MODELS = Path.of("engine/src/test/resources/golden/models");

    @ParameterizedTest
    @EnumSource(names = "TEXTS_32_X_256", mode = EnumSource.Mode.EXCLUDE)
    void textsHaveTheTokensInTheirName(EmbedInputs inputs) {
        assertTokensInName(inputs);
    }

    @Tag("thorough")
    @Test
    void longTextsHaveTheTokensInTheirName() {
        assertTokensInName(EmbedInputs.TEXTS_32_X_256);
    }

    private static void assertTokensInName(EmbedInputs inputs) {
        EmbedInputs.Batch batch = inputs.make(MODELS.resolve("a-bf16-hub"));

        if (inputs.isImage()) return;
        try (EmbeddingModel model = EmbeddingModel.open(MODELS.resolve("a-bf16-hub"))) {
            int tokens = model.embedAll(batch.inputs(), ProgressListener.NONE).stream().mapToInt(embedding -> embedding.tokens()).sum();
            assertThat((double) tokens).isEqualTo(batch.workload().items());
        }
    }

    @ParameterizedTest
    @CsvSource({"a-bf16-hub, IMAGE_1_TILE", "a-bf16-hub, IMAGE_4_TILES_3_PROMPTS", "c-f16-sharded, IMAGE_2_TILES"})
    void imagesAreCountedForTokenizersOfBothKinds(String name, EmbedInputs inputs) {
        EmbedInputs.Batch batch = inputs.make(MODELS.resolve(name));

        assertThat(batch.workload().flops()).isPositive();
        assertThat(batch.workload().bytes()).isPositive();
        try (EmbeddingModel model = EmbeddingModel.open(MODELS.resolve(name))) {
            assertThat(model.embedAll(batch.inputs(), ProgressListener.NONE)).hasSameSizeAs(batch.inputs());
        }
    }
}
