package dev.mme5.engine.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import dev.mme5.engine.KernelChoice;
import dev.mme5.engine.ModelInspection;
import dev.mme5.engine.Options;
import dev.mme5.engine.family.mllama.MllamaTensorNames;
import dev.mme5.engine.testing.Golden;
import dev.mme5.json.ModelFormatException;
import dev.mme5.weights.Checkpoint;
import dev.mme5.weights.DType;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.QuantizationScheme;
import dev.mme5.weights.QuantizedTensor;
import dev.mme5.weights.SafetensorsWriter;
import dev.mme5.weights.Shape;
import dev.mme5.weights.TensorData;
import dev.mme5.weights.WeightFormat;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code --to bf16}: the same weights in panels, and the same bits. */
class PanelFolderTest {
    private static final Golden GOLDEN = Golden.read("a-bf16-hub");
    private static final Path SOURCE = GOLDEN.folder();
    private static final String UP = "language_model.layers.0.mlp.up_proj.weight";

    @TempDir
    Path folder;

    private Path panels(Path source) throws IOException {
        Path out = folder.resolve("panels");
        Quantizer.quantize(source, out, QuantizeOptions.of(QuantizationScheme.BF16), (done, all) -> {});
        return out;
    }

    @Test
    void embeddingsHaveTheBitsOfTheSource() throws IOException {
        assertSameBits(KernelChoice.VECTOR, 100);
    }

    @Tag("thorough")
    @ParameterizedTest
    @EnumSource(KernelChoice.class)
    void embeddingsOfEveryLengthHaveTheBitsOfTheSource(KernelChoice choice) throws IOException {
        assertSameBits(choice, choice == KernelChoice.SCALAR ? 60 : Integer.MAX_VALUE);
    }

    private void assertSameBits(KernelChoice choice, int maxTokens) throws IOException {
        Path panels = panels(SOURCE);
        Options options = Options.defaults().withKernels(choice);

        try (EmbeddingModel before = EmbeddingModel.open(SOURCE, options); EmbeddingModel after = EmbeddingModel.open(panels, options)) {
            for (Golden.Case c : GOLDEN.cases()) {
                if (c.ids().length > maxTokens) continue;
                assertThat(after.embed(c.input()).values()).as(c.toString()).isEqualTo(before.embed(c.input()).values());
            }
        }
    }

    @Test
    void everyWeightIsTheSame() throws IOException {
        Path panels = panels(SOURCE);

        int inPanels = 0;
        try (Checkpoint before = Checkpoint.open(SOURCE, MllamaTensorNames.INSTANCE);
                Checkpoint after = Checkpoint.open(panels, MllamaTensorNames.INSTANCE)) {
            assertThat(after.format()).contains(new WeightFormat(QuantizationScheme.BF16, true));
            for (Map.Entry<String, MappedTensor> tensor : before.tensors().entrySet()) {
                if (tensor.getKey().contains("lm_head")) continue;
                MappedTensor source = tensor.getValue();
                if (after.tensors().get(tensor.getKey()).shape().equals(source.shape())) {
                    assertThat(after.tensors().get(tensor.getKey()).bytes().mismatch(source.bytes())).as(tensor.getKey()).isEqualTo(-1);
                    continue;
                }
                PanelTensor found = (PanelTensor) after.weights().matrix(tensor.getKey(), source.rows(), source.cols());
                float[] x = new float[source.cols()];
                float[] y = new float[source.cols()];
                for (int row = 0; row < source.rows(); row++) {
                    source.widen(row, x, 0);
                    found.widen(row, y, 0);
                    assertThat(y).as(tensor.getKey() + " row " + row).isEqualTo(x);
                }
                inPanels++;
            }
            assertThat(after.tensors().get("language_model.embed_tokens.weight").shape().dims()).hasSize(2);
        }
        assertThat(inPanels).isGreaterThan(20);
    }

    @Test
    void goldenEmbeddingsAndTheirImagesAreTakenOver() throws IOException {
        Path source = copyOfSource();
        Files.createDirectory(source.resolve("images"));
        Files.copy(Golden.IMAGES.resolve("shapes_2x2.png"), source.resolve("images/a.png"));
        Files.writeString(source.resolve("goldens.jsonl"), "{\"prompt\":\"a\",\"embedding\":[1]}\n\n{\"images\":[\"images/a.png\"]}\n");

        Path panels = panels(source);

        assertThat(panels.resolve("goldens.jsonl")).hasSameBinaryContentAs(source.resolve("goldens.jsonl"));
        assertThat(panels.resolve("images/a.png")).hasSameBinaryContentAs(source.resolve("images/a.png"));
    }

    @Test
    void goldensThatLeadOutOfTheFolderAreRefused() throws IOException {
        Path source = copyOfSource();
        Files.writeString(source.resolve("goldens.jsonl"), "{\"images\":[\"../a.png\"]}\n");

        assertThatThrownBy(() -> panels(source)).isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("goldens.jsonl").hasMessageEndingWith("expected files in the model folder, found \"../a.png\"");
    }

    private Path copyOfSource() throws IOException {
        Path source = Files.createDirectory(folder.resolve("source"));
        try (Stream<Path> files = Files.list(SOURCE)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) Files.copy(file, source.resolve(file.getFileName()));
        }
        return source;
    }

    @Test
    void weightsThatWouldHaveToBeRoundedAreRefused() {
        Path source = Golden.read("c-f16-sharded").folder();

        assertThatThrownBy(() -> panels(source)).isInstanceOf(ModelFormatException.class).hasMessage(source
                + ": expected weights of matrix products of BF16, as others would have to be rounded, found none");
    }

    @Test
    void anAdapterBesideThemIsRefused() throws IOException {
        Path panels = panels(SOURCE);
        Files.writeString(panels.resolve("adapter_config.json"), "{\"peft_type\":\"LORA\",\"r\":1,\"lora_alpha\":1,\"target_modules\":[]}");
        new SafetensorsWriter().add("a", new float[1], 1).write(panels.resolve("adapter_model.safetensors"));

        assertThatThrownBy(() -> EmbeddingModel.open(panels)).isInstanceOf(ModelFormatException.class).hasMessage(
                panels.resolve("adapter_config.json") + ": an adapter can be merged into BF16, F16 or F32, found weights of bf16, format 2:"
                        + " merge it into the source of this folder and quantise the result");
    }

    @Test
    void inspectingNamesTheFormatAndFindsNothingWrong() throws IOException {
        ModelInspection inspection = ModelInspection.of(panels(SOURCE));

        assertThat(inspection.quantization()).map(WeightFormat::label).contains("bf16, format 2");
        assertThat(inspection.problems()).isEmpty();
        assertThat(inspection.parts()).extracting(part -> part.dtype()).containsOnly("BF16");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            shape    | expected shape [4, 64, 32], found [4, 32, 64]
            type     | expected shape [112, 64], found [4, 64, 32]
            flat     | expected shape [112, 64], found [8192]
            version  | __metadata__.mme5.quantization.version: expected "1" or "2", found none: it needs another version of mme5
            layout   | __metadata__.mme5.quantization.layout: expected "panels-32", found "panels-64": it needs another version of mme5
            metadata | expected shape [48, 48], found [2, 48, 32]
            """)
    void hostileFoldersAreRefusedInOneLine(String what, String message) throws IOException {
        Path panels = panels(SOURCE);
        rewrite(panels, what);

        assertThatThrownBy(() -> {
            try (EmbeddingModel model = EmbeddingModel.open(panels)) {
                model.embed(Input.text("a"));
            }
        }).isInstanceOf(ModelFormatException.class).hasMessageEndingWith(message).hasMessageStartingWith(panels.toString())
                .message().doesNotContain("\n");
    }

    /** Writes the file of weights again with one thing wrong. */
    private static void rewrite(Path panels, String what) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(panels, MllamaTensorNames.INSTANCE)) {
            SafetensorsWriter writer = new SafetensorsWriter();
            Map<String, String> metadata = new LinkedHashMap<>(checkpoint.metadata());
            switch (what) {
                case "version" -> metadata.remove(WeightFormat.VERSION);
                case "layout" -> metadata.put(WeightFormat.LAYOUT, "panels-64");
                case "metadata" -> metadata.clear();
                default -> {}
            }
            metadata.forEach(writer::metadata);
            checkpoint.tensors().forEach((name, tensor) -> add(writer, tensor, name.equals(UP) ? what : ""));
            Path file = panels.resolve("other.safetensors");
            writer.write(file);
            Files.move(file, panels.resolve("model.safetensors"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void add(SafetensorsWriter writer, MappedTensor tensor, String what) {
        long[] dims = tensor.shape().dims();
        switch (what) {
            case "shape" -> writer.add(tensor.reshaped(dims[0], dims[2], dims[1]));
            case "flat" -> writer.add(tensor.reshaped(tensor.shape().elements()));
            case "type" -> writer.add(tensor.name(), DType.F16, new Shape(dims), TensorData.of(tensor.bytes()));
            case "value" -> {
                byte[] bytes = tensor.bytes().toArray(ValueLayout.JAVA_BYTE);
                bytes[0] ^= 1;
                writer.add(tensor.name(), tensor.dtype(), tensor.shape(), TensorData.of(MemorySegment.ofArray(bytes)));
            }
            default -> writer.add(tensor);
        }
    }

    @Test
    void foldersOfVersion1OpenAndHaveTheSameBits() throws IOException {
        assertVersion1HasTheSameBits(QuantizationScheme.INT4, 60);
    }

    @Tag("thorough")
    @ParameterizedTest
    @EnumSource(value = QuantizationScheme.class, names = {"INT8", "INT4"})
    void foldersOfVersion1HaveTheSameBitsForEveryLength(QuantizationScheme scheme) throws IOException {
        assertVersion1HasTheSameBits(scheme, 300);
    }

    /** The same codes in rows, as mme5 0.1 wrote them: half of them with weights that fill no whole panel. */
    private void assertVersion1HasTheSameBits(QuantizationScheme scheme, int maxTokens) throws IOException {
        Path second = folder.resolve("second");
        Quantizer.quantize(SOURCE, second, QuantizeOptions.of(scheme), (done, all) -> {});
        Path first = Files.createDirectory(folder.resolve("first"));
        for (String name : List.of("config.json", "preprocessor_config.json", "tokenizer.json", "tokenizer_config.json")) {
            Files.copy(second.resolve(name), first.resolve(name));
        }
        int unpacked = 0;
        try (Checkpoint checkpoint = Checkpoint.open(second, MllamaTensorNames.INSTANCE)) {
            SafetensorsWriter writer = new SafetensorsWriter();
            new WeightFormat(scheme, false).metadata().forEach(writer::metadata);
            for (Map.Entry<String, MappedTensor> tensor : checkpoint.tensors().entrySet()) {
                boolean inPanels = checkpoint.quantizationOf(tensor.getKey()).isPresent() && tensor.getValue().shape().dims().length == 3;
                writer.add(inPanels ? inRows(checkpoint, tensor.getKey(), scheme) : tensor.getValue());
                if (inPanels) unpacked++;
            }
            writer.write(first.resolve("model.safetensors"));
        }
        assertThat(unpacked).isGreaterThan(20);

        try (EmbeddingModel one = EmbeddingModel.open(first); EmbeddingModel two = EmbeddingModel.open(second)) {
            for (Golden.Case c : GOLDEN.cases()) {
                if (c.ids().length > maxTokens) continue;
                assertThat(two.embed(c.input()).values()).as(c.toString()).isEqualTo(one.embed(c.input()).values());
            }
        }
    }

    private static MappedTensor inRows(Checkpoint checkpoint, String name, QuantizationScheme scheme) {
        MappedTensor panels = checkpoint.tensors().get(name);
        int rows = checkpoint.tensors().get(name + QuantizationScheme.ROW_SCALES).rows();
        MappedTensor source = sourceOf(name);
        QuantizedTensor weight = (QuantizedTensor) checkpoint.weights().matrix(name, rows, source.cols());
        Shape shape = scheme.codes(rows, source.cols());
        byte[] codes = new byte[(int) shape.elements()];
        int rowBytes = (int) shape.cols();
        for (int row = 0; row < rows; row++) {
            for (int k = 0; k < source.cols(); k++) {
                int code = weight.code(row, k);
                if (scheme == QuantizationScheme.INT8) codes[row * rowBytes + k] = (byte) code;
                else codes[row * rowBytes + k / 2] |= (byte) (code + QuantizedTensor.INT4_ZERO << k % 2 * 4);
            }
        }
        MemorySegment bytes = Arena.ofAuto().allocate(codes.length).copyFrom(MemorySegment.ofArray(codes));
        return new MappedTensor(panels.file(), panels.name(), scheme.dtype(), shape, bytes);
    }

    private static MappedTensor sourceOf(String name) {
        try (Checkpoint source = Checkpoint.open(SOURCE, MllamaTensorNames.INSTANCE)) {
            return MappedTensor.ofFloats(name, source.tensors().get(name).toFloats(), source.tensors().get(name).shape().dims());
        }
    }

    @Test
    void fingerprintIsThatOfTheSourceUntilAWeightChanges() throws IOException {
        Path panels = panels(SOURCE);
        assertThat(fingerprint(panels)).isEqualTo(fingerprint(SOURCE));

        rewrite(panels, "value");
        assertThat(fingerprint(panels)).isNotEqualTo(fingerprint(SOURCE));
    }

    private static String fingerprint(Path model) {
        try (EmbeddingModel opened = EmbeddingModel.open(model)) {
            return opened.fingerprint();
        }
    }

    @Test
    void keptWeightsStayInRows() throws IOException {
        QuantizeOptions options = new QuantizeOptions(QuantizationScheme.BF16, List.of("*up_proj*"), Map.of(), 2);
        Quantizer.quantize(SOURCE, folder.resolve("q"), options, (done, all) -> {});

        try (Checkpoint checkpoint = Checkpoint.open(folder.resolve("q"), MllamaTensorNames.INSTANCE);
                EmbeddingModel before = EmbeddingModel.open(SOURCE);
                EmbeddingModel after = EmbeddingModel.open(folder.resolve("q"))) {
            assertThat(checkpoint.tensors().get(UP).shape().dims()).hasSize(2);
            Input input = Input.text("kept");
            assertThat(after.embed(input).values()).isEqualTo(before.embed(input).values());
        }
    }
}
