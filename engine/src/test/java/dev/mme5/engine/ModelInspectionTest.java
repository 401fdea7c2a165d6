package dev.mme5.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.testing.Golden;
import dev.mme5.engine.testing.ModelCopy;
import dev.mme5.weights.DType;
import dev.mme5.weights.MappedTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelInspectionTest {
    @TempDir
    private Path folder;

    @Test
    void everyGoldenModelIsWithoutProblems() {
        for (Golden golden : Golden.all()) assertThat(ModelInspection.of(golden.folder()).problems()).as(golden.model()).isEmpty();
    }

    @Test
    void partsAddUpToTheFiles() {
        ModelInspection inspection = ModelInspection.of(Golden.read("c-f16-sharded").folder());

        assertThat(inspection.parts()).extracting(ModelInspection.Part::name)
                .contains("vision tower", "projector", "token embeddings", "self-attention layers", "cross-attention layers", "final norm",
                        "lm_head");
        assertThat(inspection.parts()).allMatch(part -> part.dtype().equals("F16") && part.bytes() == 2 * part.parameters());
        assertThat(inspection.parts().stream().filter(part -> part.name().equals("lm_head"))).noneMatch(ModelInspection.Part::needed);
        assertThat(inspection.shards()).hasSize(3).allMatch(shard -> shard.bytes() > 0);
    }

    @Test
    void theModelIsDescribedByValues() {
        ModelInspection inspection = ModelInspection.of(Golden.read("a-bf16-hub").folder());
        ModelInspection.Model model = inspection.model().orElseThrow();

        assertThat(model.modelType()).isEqualTo("mllama");
        assertThat(model.dimensions()).isEqualTo(64);
        assertThat(model.maxTokens()).isEqualTo(131_072);
        assertThat(inspection.tokenizerIds()).isPresent();
        assertThat(inspection.quantization()).isEmpty();
        assertThat(inspection.limits().heapBytes()).isEqualTo(Runtime.getRuntime().maxMemory());
    }

    @Test
    void tokenizerOfAnOpenModelIsNotReadAgain() throws IOException {
        Path copy = ModelCopy.of("a-bf16-hub", folder).folder();
        ModelInspection closed = ModelInspection.of(copy);

        try (EmbeddingModel model = EmbeddingModel.open(copy)) {
            assertThat(ModelInspection.of(model)).isEqualTo(closed);

            Files.writeString(copy.resolve("tokenizer.json"), "not JSON");
            ModelInspection open = ModelInspection.of(model);
            assertThat(open.tokenizerIds()).isEqualTo(closed.tokenizerIds());
            assertThat(open.problems()).isEmpty();
            assertThat(ModelInspection.of(copy).problems()).isNotEmpty();
        }
    }

    @Test
    void theFilesOfTheModelAreListedAndNoOthers() throws IOException {
        ModelCopy.of("a-bf16-hub", folder).write("LICENSE", "free").write("evaluation.json", "{}");
        Path sharded = Golden.read("c-f16-sharded").folder();

        assertThat(ModelInspection.of(folder).files()).extracting(file -> file.getFileName().toString()).containsExactly(
                "config.json", "preprocessor_config.json", "tokenizer.json", "tokenizer_config.json", "LICENSE", "model.safetensors");
        try (Stream<Path> all = Files.list(sharded)) {
            assertThat(ModelInspection.of(sharded).files()).containsExactlyInAnyOrderElementsOf(all.toList());
        }
    }

    @Test
    void defaultsThatTheConfigLeavesToUsAreNamed() {
        ModelInspection inspection = ModelInspection.of(Golden.read("e-bf16-defaults").folder());

        assertThat(inspection.model().orElseThrow().defaultsUsed())
                .contains(new ModelInspection.Default("text_config.rms_norm_eps", "1.0E-5"));
    }

    @Test
    void longerTextsNeedMoreMemory() {
        var memory = ModelInspection.of(Golden.read("a-bf16-hub").folder()).memory();

        assertThat(memory).hasSizeGreaterThan(2);
        assertThat(memory.get(1).heapBytes()).isGreaterThan(memory.get(0).heapBytes());
        assertThat(memory.subList(0, memory.size() - 1)).allMatch(run -> run.mappedBytes() > 0);
        assertThat(memory.get(0).run()).isEqualTo(new ModelInspection.Run.Pass(20, 0));
        assertThat(memory.getLast().run()).isEqualTo(new ModelInspection.Run.Decoding(12_000_000));
        assertThat(memory.getLast().heapBytes()).isGreaterThan(72_000_000);
    }

    @Test
    void allTensorsThatAreWrongAreReportedAtOnce() {
        Set<String> missing = Set.of("vision_model.class_embedding", "language_model.model.layers.3.mlp.up_proj.weight");
        String misshapen = "vision_model.patch_embedding.weight";
        String gate = "language_model.model.layers.1.cross_attn_mlp_gate";
        ModelCopy.of("a-bf16-hub", folder).tensors(tensor -> {
            if (missing.contains(tensor.name())) return null;
            if (tensor.name().equals(misshapen) || tensor.name().equals(gate))
                return MappedTensor.ofFloats(tensor.name(), DType.F32, new float[2], 2, 1);
            return tensor;
        });

        String file = folder.resolve("model.safetensors").toString();
        assertThat(ModelInspection.of(folder).problems()).containsExactly(
                file + ": vision_model.patch_embedding.weight: expected shape [48, 3, 7, 7], found [2, 1]",
                folder + ": vision_model.class_embedding: missing tensor",
                file + ": language_model.model.layers.1.cross_attn_mlp_gate: expected shape [1], found [2, 1]",
                folder + ": language_model.layers.3.mlp.up_proj.weight: missing tensor");
    }

    @Test
    void weightsOfAnotherModelDoNotFloodTheReport() {
        ModelCopy.of("a-bf16-hub", folder).tensors(tensor -> null);

        var problems = ModelInspection.of(folder).problems();

        assertThat(problems).hasSize(51);
        assertThat(problems.getLast()).matches("\\d+ more tensors are missing or misshapen");
    }

    @Test
    void everyBrokenFileIsNamed() {
        ModelCopy.of("a-bf16-hub", folder).without("preprocessor_config.json").without("model.safetensors").write("tokenizer.json", "[]");

        var problems = ModelInspection.of(folder).problems();

        assertThat(problems).hasSize(3);
        assertThat(problems.get(0)).startsWith(folder.resolve("preprocessor_config.json").toString());
        assertThat(problems.get(1)).startsWith(folder.resolve("tokenizer.json").toString());
        assertThat(problems.get(2)).startsWith(folder + ": expected model.safetensors");
    }

    @Test
    void filesThatContradictEachOtherAreAProblemToo() {
        ModelCopy.of("a-bf16-hub", folder).set("preprocessor_config.json", "size", "{\"height\": 30, \"width\": 30}");

        assertThat(ModelInspection.of(folder).problems())
                .containsExactly(
                        folder.resolve("preprocessor_config.json") + ": size.height: expected image_size of config.json, 28, found 30");
    }

    @Test
    void aFolderThatIsNotThereIsAProblem() {
        assertThat(ModelInspection.of(folder.resolve("nowhere")).problems()).isNotEmpty();
    }
}
