package dev.mme5.engine.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mme5.engine.CancelledException;
import dev.mme5.engine.ActivationMoments;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import dev.mme5.engine.KernelChoice;
import dev.mme5.engine.Options;
import dev.mme5.engine.family.mllama.MllamaTensorNames;
import dev.mme5.engine.testing.ClassPathJvm;
import dev.mme5.engine.testing.Golden;
import dev.mme5.engine.testing.ModelCopy;
import dev.mme5.json.JsonReader;
import dev.mme5.json.ModelFormatException;
import dev.mme5.weights.Checkpoint;
import dev.mme5.weights.DType;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.QuantizationScheme;
import dev.mme5.weights.WeightMatrix;
import dev.mme5.weights.file.ShardFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class QuantizerTest {
    private static final Path SOURCE = Golden.read("a-bf16-hub").folder();
    private static final Quantizer.Progress SILENT = (done, all) -> {};

    @TempDir
    Path folder;

    private QuantizationReport quantize(Path source, QuantizationScheme scheme, String name) throws IOException {
        return Quantizer.quantize(source, folder.resolve(name), QuantizeOptions.of(scheme), SILENT);
    }

    /** Half a step of the largest scale that a group may have: the search clips no more than an eighth of the range. */
    @ParameterizedTest
    @EnumSource(value = QuantizationScheme.class, names = {"INT8", "INT4"})
    void everyWeightIsWithinAStepOfItself(QuantizationScheme scheme) throws IOException {
        quantize(SOURCE, scheme, "q");

        try (Checkpoint before = Checkpoint.open(SOURCE, MllamaTensorNames.INSTANCE);
                Checkpoint after = Checkpoint.open(folder.resolve("q"), MllamaTensorNames.INSTANCE)) {
            assertThat(after.quantization()).contains(scheme);
            for (Map.Entry<String, MappedTensor> tensor : before.tensors().entrySet()) {
                if (tensor.getKey().contains("lm_head")) continue;
                MappedTensor source = tensor.getValue();
                if (source.shape().dims().length != 2) {
                    assertThat(after.tensors().get(tensor.getKey()).bytes().mismatch(source.bytes())).as(tensor.getKey()).isEqualTo(-1);
                    continue;
                }
                WeightMatrix rounded = after.weights().matrix(tensor.getKey(), source.rows(), source.cols());
                QuantizationScheme stored = after.quantizationOf(tensor.getKey()).orElse(null);
                float[] x = new float[source.cols()];
                float[] y = new float[source.cols()];
                for (int row = 0; row < source.rows(); row++) {
                    source.widen(row, x, 0);
                    rounded.widen(row, y, 0);
                    assertWithinAStep(x, y, stored, tensor.getKey() + " row " + row);
                }
            }
        }
    }

    private static void assertWithinAStep(float[] x, float[] y, QuantizationScheme scheme, String where) {
        int group = scheme == null ? 1 : scheme.group();
        for (int from = 0; from < x.length; from += group) {
            float largest = 0;
            int to = Math.min(x.length, from + group);
            for (int i = from; i < to; i++) largest = Math.max(largest, Math.abs(x[i]));
            float step = scheme == null ? 0 : scheme == QuantizationScheme.INT8 ? largest / 100 : largest / 4;
            for (int i = from; i < to; i++) assertThat(y[i]).as(where).isCloseTo(x[i], within(step));
        }
    }

    @ParameterizedTest
    @CsvSource({"int8,0.998", "int4,0.85"})
    void embeddingsStayClose(String label, double least) throws IOException {
        assertStayClose(List.of(Golden.read("a-bf16-hub")), label, least, 60);
    }

    @Tag("thorough")
    @ParameterizedTest
    @CsvSource({"int8,0.998", "int4,0.85"})
    void embeddingsOfEveryGoldenModelStayClose(String label, double least) throws IOException {
        assertStayClose(Golden.all(), label, least, 400);
    }

    private void assertStayClose(List<Golden> goldens, String label, double least, int maxTokens) throws IOException {
        QuantizationScheme scheme = QuantizationScheme.named(label).orElseThrow();
        for (Golden golden : goldens) {
            Path q = folder.resolve(label + golden.model());
            Quantizer.quantize(golden.folder(), q, QuantizeOptions.of(scheme), SILENT);
            double mean = 0;
            int count = 0;
            try (EmbeddingModel model = EmbeddingModel.open(q, Options.defaults().withKernels(KernelChoice.VECTOR))) {
                for (Golden.Case c : golden.cases()) {
                    if (c.ids().length > maxTokens) continue;
                    float[] expected = c.tensors().get("embedding");
                    float[] found = model.embed(c.input()).values();
                    for (int i = 0; i < found.length; i++) mean += (double) found[i] * expected[i];
                    count++;
                }
            }
            assertThat(mean / count).as("mean cosine of %s, %s", golden.model(), label).isGreaterThan(least);
        }
    }

    @ParameterizedTest
    @EnumSource(value = QuantizationScheme.class, names = {"INT8", "INT4"})
    void bothKernelsReadIt(QuantizationScheme scheme) throws IOException {
        quantize(SOURCE, scheme, "q");
        Input input = Input.text("What is it?");

        try (EmbeddingModel vector = EmbeddingModel.open(folder.resolve("q"), Options.defaults().withKernels(KernelChoice.VECTOR));
                EmbeddingModel scalar = EmbeddingModel.open(folder.resolve("q"), Options.defaults().withKernels(KernelChoice.SCALAR));
                EmbeddingModel source = EmbeddingModel.open(SOURCE)) {
            assertThat(vector.embed(input).cosine(scalar.embed(input))).isGreaterThan(0.9999f);
            assertThat(vector.fingerprint()).isEqualTo(scalar.fingerprint()).isNotEqualTo(source.fingerprint());
        }
    }

    @Test
    void theSameFilesWhateverTheThreads() throws IOException {
        for (int threads : new int[] {1, 3}) {
            QuantizeOptions options = new QuantizeOptions(QuantizationScheme.INT4, List.of(), Map.of(), threads);
            Quantizer.quantize(SOURCE, folder.resolve("q" + threads), options, SILENT);
        }

        assertThat(folder.resolve("q1/model.safetensors")).hasSameBinaryContentAs(folder.resolve("q3/model.safetensors"));
    }

    @Test
    void shardsStayBelowTheLimitAndAnIndexLeadsToThem() throws IOException {
        Path source = Golden.read("c-f16-sharded").folder();
        Quantizer.quantize(source, folder.resolve("q"), QuantizeOptions.of(QuantizationScheme.INT8), SILENT, 150_000);
        quantize(source, QuantizationScheme.INT8, "whole");

        try (Checkpoint shards = Checkpoint.open(folder.resolve("q"), MllamaTensorNames.INSTANCE);
                Checkpoint whole = Checkpoint.open(folder.resolve("whole"), MllamaTensorNames.INSTANCE)) {
            assertThat(shards.shards()).hasSizeGreaterThan(3);
            assertThat(shards.shards()).extracting(ShardFile::bytes).allMatch(bytes -> bytes < 150_000 + 30_000); // data and header
            assertThat(whole.shards()).hasSize(1);
            assertThat(shards.tensors().keySet()).isEqualTo(whole.tensors().keySet());
            whole.tensors().forEach(
                    (name, tensor) -> assertThat(shards.tensors().get(name).bytes().mismatch(tensor.bytes())).as(name).isEqualTo(-1));
        }
    }

    @Test
    void whatIsKeptKeepsItsType() throws IOException {
        QuantizeOptions options =
                new QuantizeOptions(QuantizationScheme.INT4, List.of("*.fc1.*", "language_model.layers.?.mlp.*"), Map.of(), 2);
        Quantizer.quantize(SOURCE, folder.resolve("q"), options, SILENT);

        try (Checkpoint checkpoint = Checkpoint.open(folder.resolve("q"), MllamaTensorNames.INSTANCE)) {
            Map<String, MappedTensor> tensors = checkpoint.tensors();
            assertThat(tensors.get("vision_model.transformer.layers.0.mlp.fc1.weight").dtype()).isEqualTo(DType.BF16);
            assertThat(tensors.get("language_model.layers.0.mlp.up_proj.weight").dtype()).isEqualTo(DType.BF16);
            assertThat(tensors.get("vision_model.transformer.layers.0.mlp.fc2.weight").dtype()).isEqualTo(DType.U8);
            assertThat(tensors.get("language_model.embed_tokens.weight").dtype()).isEqualTo(DType.I8);
            assertThat(tensors.get("vision_model.patch_embedding.weight").dtype()).isEqualTo(DType.BF16);
            assertThat(tensors).doesNotContainKey("language_model.lm_head.weight");
        }
        try (EmbeddingModel model = EmbeddingModel.open(folder.resolve("q"))) {
            assertThat(model.embed(Input.text("a")).values()).isNotEmpty();
        }
    }

    @Test
    void theSourceIsRecorded() throws Exception {
        QuantizationReport report = quantize(SOURCE, QuantizationScheme.INT8, "q");

        byte[] source = Files.readAllBytes(SOURCE.resolve("model.safetensors"));
        String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(source));
        assertThat(JsonReader.readObject(folder.resolve("q/quantization.json")).array("source").object(0).text("sha256")).isEqualTo(digest);
        for (String name : List.of("config.json", "preprocessor_config.json", "tokenizer.json", "tokenizer_config.json")) {
            assertThat(folder.resolve("q").resolve(name)).hasSameBinaryContentAs(SOURCE.resolve(name));
        }
        assertThat(report.leftOut()).containsExactly("language_model.lm_head.weight");
        assertThat(report.bytes()).isEqualTo(Files.size(folder.resolve("q/model.safetensors")));
    }

    @Test
    void theReportTellsErrorsAndTheSearchBeatsPlainRounding() throws IOException {
        for (QuantizationReport.Part part : quantize(SOURCE, QuantizationScheme.INT4, "q").parts()) {
            if (part.type().equals("BF16")) {
                assertThat(part.error()).isZero();
            } else {
                assertThat(part.error()).as(part.name()).isPositive().isLessThan(part.plainError());
            }
        }
    }

    @Test
    void measuredActivationsGiveOtherWeights() throws IOException {
        Map<String, float[]> moments;
        try (ActivationMoments measured = ActivationMoments.open(SOURCE, Options.defaults())) {
            measured.add(List.of(Input.text("some text"), Input.image(Golden.IMAGES.resolve("shapes_2x2.png"))));
            moments = measured.byWeight();
        }
        QuantizeOptions options = new QuantizeOptions(QuantizationScheme.INT4, List.of(), moments, 2);
        Quantizer.quantize(SOURCE, folder.resolve("calibrated"), options, SILENT);
        quantize(SOURCE, QuantizationScheme.INT4, "told");

        assertThat(moments).containsKeys("language_model.layers.0.mlp.down_proj.weight",
                "vision_model.transformer.layers.0.mlp.fc2.weight");
        assertThat(Files.mismatch(folder.resolve("calibrated/model.safetensors"), folder.resolve("told/model.safetensors"))).isPositive();
        assertThat(JsonReader.readObject(folder.resolve("calibrated/quantization.json")).bool("calibrated")).isTrue();
    }

    @Test
    void anInterruptedRunLeavesNothing() throws IOException {
        Quantizer.Progress interrupting = (done, all) -> Thread.currentThread().interrupt();
        QuantizeOptions options = new QuantizeOptions(QuantizationScheme.INT8, List.of(), Map.of(), 1);

        assertThatThrownBy(() -> Quantizer.quantize(SOURCE, folder.resolve("q"), options, interrupting))
                .isInstanceOf(CancelledException.class);

        assertThat(Thread.interrupted()).isTrue();
        assertNothingIn(folder);
    }

    @Test
    void aProcessThatEndsLeavesNothing() throws Exception {
        ClassPathJvm.run(Ending.class, List.of("--add-modules", "jdk.incubator.vector"), folder.resolve("q").toString());

        assertNothingIn(folder);
    }

    /** Ends in the middle, as when a user presses Ctrl-C. */
    static final class Ending {
        private Ending() {}

        public static void main(String[] args) throws IOException {
            QuantizeOptions options = new QuantizeOptions(QuantizationScheme.INT8, List.of(), Map.of(), 1);
            Quantizer.quantize(SOURCE, Path.of(args[0]), options, (done, all) -> {
                if (done > all / 2) System.exit(0);
            });
        }
    }

    private static void assertNothingIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void anExistingFolderIsRefusedAndNotTouched() throws IOException {
        Files.createDirectory(folder.resolve("q"));

        assertThatThrownBy(() -> quantize(SOURCE, QuantizationScheme.INT8, "q"))
                .isInstanceOf(FileAlreadyExistsException.class).hasMessageEndingWith("q: exists already");
        assertNothingIn(folder.resolve("q"));
    }

    @Test
    void aFolderThatIsQuantisedIsRefused() throws IOException {
        quantize(SOURCE, QuantizationScheme.INT8, "q");

        assertThatThrownBy(() -> quantize(folder.resolve("q"), QuantizationScheme.INT4, "again"))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage(folder.resolve("q") + ": expected weights of BF16, F16 or F32, found a folder that is quantised already");
    }

    @Test
    void aPatternThatMatchesNothingIsRefused() {
        QuantizeOptions options = new QuantizeOptions(QuantizationScheme.INT8, List.of("*.fc3.*"), Map.of(), 1);

        assertThatThrownBy(() -> Quantizer.quantize(SOURCE, folder.resolve("q"), options, SILENT))
                .isInstanceOf(IllegalArgumentException.class).hasMessage("no tensor of " + SOURCE + " has a name like *.fc3.*");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            NaN  | row 3 holds NaN, which cannot be quantised
            3e38 | row 3 holds weights that are too large to be quantised
            """)
    void weightsThatCannotBeQuantisedAreRefusedAndNothingIsLeft(float weight, String message) throws IOException {
        Path source = Files.createDirectory(folder.resolve("source"));
        ModelCopy.of("a-bf16-hub", source).tensors(tensor -> {
            if (!tensor.name().endsWith("layers.2.mlp.up_proj.weight")) return tensor;
            float[] values = tensor.toFloats();
            values[3 * tensor.cols() + 1] = weight;
            return MappedTensor.ofFloats(tensor.name(), tensor.dtype(), values, tensor.shape().dims());
        });
        Path out = Files.createDirectory(folder.resolve("out"));

        assertThatThrownBy(() -> Quantizer.quantize(source, out.resolve("q"), QuantizeOptions.of(QuantizationScheme.INT4), SILENT))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageEndingWith("language_model.model.layers.2.mlp.up_proj.weight: " + message);
        assertNothingIn(out);
    }
}
