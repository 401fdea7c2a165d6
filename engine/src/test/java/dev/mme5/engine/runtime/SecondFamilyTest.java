package dev.mme5.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mme5.engine.family.mllama.MllamaFamily;
import dev.mme5.engine.testing.Golden;
import dev.mme5.engine.testing.ModelCopy;
import dev.mme5.json.ModelFormatException;
import dev.mme5.weights.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A family that shares nothing with the first one goes through the runtime as it is. */
class SecondFamilyTest {
    private static final int VOCABULARY = 660;
    private static final ModelFamilies FAMILIES = ModelFamilies.of(new MllamaFamily(), new BagOfTokens());
    private static final RuntimeOptions OPTIONS =
            new RuntimeOptions(2, KernelSelection.Policy.REFERENCE, 0, false, 1000, false, false, 0, 0, false, null, 0);

    private static final Progress SILENT = (done, total) -> {};

    @TempDir
    Path folder;

    /** A tokenizer of the fixtures, and a table whose row i is (i, 1). */
    @BeforeEach
    void makeModel() throws IOException {
        ModelCopy.of("a-bf16-hub", folder)
                .without("preprocessor_config.json")
                .without("model.safetensors")
                .write("config.json", "{\"model_type\":\"bag\",\"hidden_size\":2}");
        float[] table = new float[2 * VOCABULARY];
        for (int i = 0; i < VOCABULARY; i++) {
            table[2 * i] = i;
            table[2 * i + 1] = 1;
        }
        new SafetensorsWriter().add("embeddings.weight", table, VOCABULARY, 2).write(folder.resolve("model.safetensors"));
    }

    private ModelRuntime open() {
        ModelRuntime.Environment standard = ModelRuntime.Environment.standard();
        return ModelRuntime.open(folder, OPTIONS, SILENT, new ModelRuntime.Environment(FAMILIES, standard.kernels(), standard.memory()));
    }

    private static ModelInput text(String text) {
        return new ModelInput(text, List.of(), 0);
    }

    @Test
    void itsTextsAreEmbeddedTogetherAsAlone() {
        try (ModelRuntime runtime = open()) {
            List<ModelInput> inputs = IntStream.range(0, 40).mapToObj(i -> text("a text, the " + i + "th")).toList();

            List<Outcome> together = runtime.embed(inputs, SILENT);

            assertThat(runtime.dimensions()).isEqualTo(2);
            assertThat(runtime.maxTokens()).isEqualTo(BagOfTokens.MAX_TOKENS);
            for (int i = 0; i < inputs.size(); i++) {
                Outcome.Embedded alone = (Outcome.Embedded) runtime.embed(List.of(inputs.get(i)), SILENT).getFirst();
                assertThat(((Outcome.Embedded) together.get(i)).values()).isEqualTo(alone.values());
                assertThat(Math.hypot(alone.values()[0], alone.values()[1])).isCloseTo(1, within(1e-6));
            }
        }
    }

    @Test
    void itsRefusalsAreOutcomesBesideVectors() {
        ModelInput.Image image = new ModelInput.Image("x.png", (decoder, heap) -> {
            throw new AssertionError("decoded");
        });
        try (ModelRuntime runtime = open()) {
            List<Outcome> outcomes = runtime.embed(List.of(new ModelInput("a", List.of(image), 0), text("b")), SILENT);

            assertThat(outcomes.get(0)).isInstanceOfSatisfying(
                    Outcome.Refused.class, refused -> assertThat(refused.error()).hasMessage("the model takes no images"));
            assertThat(outcomes.get(1)).isInstanceOf(Outcome.Embedded.class);
        }
    }

    @Test
    void itIsTracedAndHasAFingerprint() throws IOException {
        List<String> stages = new ArrayList<>();
        try (ModelRuntime runtime = open()) {
            runtime.trace(text("a"), (name, value, shape) -> stages.add(name));
            String fingerprint = runtime.fingerprint();
            Files.writeString(folder.resolve("tokenizer_config.json"), "{ }");

            assertThat(stages).containsExactly("input_ids", "pooled");
            try (ModelRuntime other = open()) {
                assertThat(other.fingerprint()).matches("[0-9a-f]{64}").isNotEqualTo(fingerprint);
            }
        }
    }

    @Test
    void anUnknownModelTypeIsRefusedWithTheKnownOnes() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{\"model_type\":\"bart\"}");

        assertThatThrownBy(this::open).isInstanceOf(ModelFormatException.class).hasMessage(
                folder.resolve("config.json") + ": model_type: expected \"mllama\" or \"bag\", found \"bart\"");
    }

    @Test
    void theFirstFamilyTakesFoldersThatDoNotSay() {
        assertThat(FAMILIES.read(Golden.read("a-bf16-hub").folder()).family().modelType()).isEqualTo("mllama");
        assertThat(FAMILIES.read(folder).family().modelType()).isEqualTo("bag");
    }
}
