package dev.mme5.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mme5.engine.family.mllama.MllamaTensorNames;
import dev.mme5.engine.quantize.QuantizeOptions;
import dev.mme5.engine.quantize.Quantizer;
import dev.mme5.engine.testing.Golden;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import dev.mme5.weights.Checkpoint;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.QuantizationScheme;
import dev.mme5.weights.lora.LoraAdapter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders with a LoRA adapter give the vectors of peft's merge_and_unload; docs/reference/make_lora_fixtures.py made the goldens. */
class LoraGoldenTest {
    private static final Path ADAPTERS = Golden.ROOT.resolve("adapters");

    @TempDir
    private Path folder;

    private JsonObject cases;

    /** The base model's files and the adapter's in one folder. */
    private void assemble(String adapter) throws IOException {
        cases = JsonReader.readObject(ADAPTERS.resolve(adapter).resolve("cases.json"));
        Path base = Golden.ROOT.resolve("models").resolve(cases.text("model"));
        try (Stream<Path> files = Files.list(base)) {
            for (Path file : files.toList()) Files.copy(file, folder.resolve(file.getFileName()));
        }
        for (String file : List.of(LoraAdapter.CONFIG, LoraAdapter.WEIGHTS)) {
            Files.copy(ADAPTERS.resolve(adapter).resolve(file), folder.resolve(file));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "patterns", "biases"})
    void vectorsEqualThoseOfPeft(String adapter) throws IOException {
        assemble(adapter);
        try (EmbeddingModel model = EmbeddingModel.open(folder);
                EmbeddingModel base = EmbeddingModel.open(Golden.ROOT.resolve("models").resolve(cases.text("model")));
                Checkpoint goldens = Checkpoint.openFile(ADAPTERS.resolve(adapter).resolve("embeddings.safetensors"))) {
            for (int i = 0; i < cases.array("cases").size(); i++) {
                JsonObject c = cases.array("cases").object(i);
                List<ImageSource> images =
                        c.array("images").texts().stream().map(name -> ImageSource.of(Golden.IMAGES.resolve(name))).toList();
                Input input = new Input(c.text("text"), images, 0);
                float[] expected = goldens.tensors().get(c.text("id")).toFloats();
                float[] found = model.embed(input).values();
                double dot = 0;
                double foundSquares = 0;
                double expectedSquares = 0;
                for (int n = 0; n < expected.length; n++) {
                    assertThat(found[n]).as(c.text("id")).isCloseTo(expected[n], within(1e-5f));
                    dot += (double) found[n] * expected[n];
                    foundSquares += (double) found[n] * found[n];
                    expectedSquares += (double) expected[n] * expected[n];
                }
                assertThat(1 - dot / Math.sqrt(foundSquares * expectedSquares)).as(c.text("id")).isLessThan(1e-8);
                assertThat(base.embed(input).cosine(model.embed(input))).as("the adapter matters").isLessThan(0.99f);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "patterns", "biases"})
    void mergedWeightsEqualThoseOfPeft(String adapter) throws IOException {
        assemble(adapter);
        try (Checkpoint merged = Checkpoint.open(folder, MllamaTensorNames.INSTANCE);
                LoraAdapter lora = LoraAdapter.find(folder, merged, MllamaTensorNames.INSTANCE, name -> false).orElseThrow();
                Checkpoint goldens = Checkpoint.openFile(ADAPTERS.resolve(adapter).resolve("merged.safetensors"))) {
            lora.mergeInto(merged, (rows, task) -> task.run(0, rows));
            for (Map.Entry<String, MappedTensor> golden : goldens.tensors().entrySet()) {
                MappedTensor found = merged.tensors().get(MllamaTensorNames.INSTANCE.canonical(golden.getKey()));
                assertThat(found.dtype()).isEqualTo(golden.getValue().dtype());
                float[] expected = golden.getValue().toFloats();
                float[] values = found.toFloats();
                int different = 0;
                for (int i = 0; i < expected.length; i++) {
                    if (values[i] != expected[i]) different++;
                    assertThat(values[i]).as(golden.getKey()).isCloseTo(expected[i], within(Math.abs(expected[i]) / 128 + 1e-6f));
                }
                // Sums of a few products may end in another last bit, which only rarely survives the rounding to 16 bits.
                if (found.dtype().bits() == 16) assertThat(different).as(golden.getKey()).isLessThanOrEqualTo(expected.length / 500);
            }
        }
    }

    @Test
    void quantizedFolderHasTheAdapterMerged() throws IOException {
        assemble("plain");
        Path quantized = folder.resolveSibling(folder.getFileName() + "-int8");
        Quantizer.quantize(folder, quantized, QuantizeOptions.of(QuantizationScheme.INT8), (done, all) -> {});
        assertThat(quantized.resolve(LoraAdapter.CONFIG)).doesNotExist();
        Input input = Input.text("a cat");
        try (EmbeddingModel floats = EmbeddingModel.open(folder); EmbeddingModel integers = EmbeddingModel.open(quantized)) {
            assertThat(floats.embed(input).cosine(integers.embed(input))).isGreaterThan(0.99f);
        }
    }

    @Test
    void inspectionCountsMergedWeightsAndNamesTheFiles() throws IOException {
        assemble("plain");
        ModelInspection inspection = ModelInspection.of(folder);
        assertThat(inspection.problems()).isEmpty();
        assertThat(inspection.files()).contains(folder.resolve(LoraAdapter.CONFIG), folder.resolve(LoraAdapter.WEIGHTS));
        assertThat(inspection.memory().getFirst().directBytes()).isGreaterThan(200_000);
    }
}
