package dev.mme5.engine.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.mme5.engine.ModelInspection;
import dev.mme5.engine.UnsuitableMachineException;
import dev.mme5.engine.family.mllama.MllamaTensorNames;
import dev.mme5.engine.runtime.ModelFamilies;
import dev.mme5.engine.runtime.memory.MemoryCheck;
import dev.mme5.engine.runtime.memory.MemoryEstimate;
import dev.mme5.engine.testing.ClassPathJvm;
import dev.mme5.engine.testing.ModelCopy;
import dev.mme5.json.ModelFormatException;
import dev.mme5.weights.Checkpoint;
import dev.mme5.weights.QuantizationScheme;
import dev.mme5.weights.SafetensorsWriter;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sources that come from anywhere, or change meanwhile: refused, with nothing left of the new folder. */
class QuantizerSourceTest {
    private static final Quantizer.Progress SILENT = (done, all) -> {};

    @TempDir
    Path root;

    private Path source;
    private Path weights;
    private Path out;

    @BeforeEach
    void copyModel() throws IOException {
        root = root.toRealPath();
        source = ModelCopy.of("a-bf16-hub", Files.createDirectory(root.resolve("source"))).folder();
        weights = source.resolve("model.safetensors");
        out = Files.createDirectory(root.resolve("out"));
    }

    private QuantizationReport quantize(Quantizer.Progress progress) throws IOException {
        QuantizeOptions options = new QuantizeOptions(QuantizationScheme.INT4, List.of(), Map.of(), 2);
        return Quantizer.quantize(source, out.resolve("q"), options, progress);
    }

    private void assertRefused(String message) throws IOException {
        assertRefused(SILENT, message);
    }

    private void assertRefused(Quantizer.Progress progress, String message) throws IOException {
        assertThatThrownBy(() -> quantize(progress)).isInstanceOf(ModelFormatException.class).hasMessage(message);
        try (Stream<Path> files = Files.list(out)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS) // links need rights there
    void noFileFromOutsideIsCopied() throws IOException {
        Path secret = Files.writeString(root.resolve("secret"), "secret");
        Files.createSymbolicLink(source.resolve("LICENSE"), secret);

        assertRefused(source.resolve("LICENSE") + ": expected a file in the model folder, found a link to " + secret);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void linksWithinTheFolderAreFollowed() throws IOException {
        Files.writeString(source.resolve("terms"), "terms");
        Files.createSymbolicLink(source.resolve("LICENSE"), Path.of("terms"));

        quantize(SILENT);

        assertThat(out.resolve("q/LICENSE")).isRegularFile().hasContent("terms");
        assertThat(Files.isSymbolicLink(out.resolve("q/LICENSE"))).isFalse();
    }

    @Test
    void whatIsTooLargeToBelongToAModelIsRefusedBeforeAnythingIsWritten() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(source.resolve("NOTICE").toFile(), "rw")) {
            file.setLength(40L << 30); // takes no room on the disk
        }
        Quantizer.Progress failing = (done, all) -> {
            throw new AssertionError("weights were written");
        };

        assertRefused(failing, source.resolve("NOTICE") + ": expected at most 100000000 bytes, found 42949672960");
    }

    @ParameterizedTest
    @CsvSource({
        "vision_model.a, 0",
        "vision_model.transformer.layers.99.mlp.fc1.weight, 1",
        "multi_modal_projector.weight.more, 1",
        "language_model.model.layers.0.self_attn.q_proj.bias, 1",
        "vision_model.transformer.layers.0.mlp.fc1.weight.scales, 1"
    })
    void whatTheEngineDoesNotReadIsLeftOutHoweverItsNameBegins(String name, int length) throws IOException {
        withFirst(name, length);

        QuantizationReport report = quantize(SILENT);

        assertThat(report.leftOut()).containsExactly(name, "language_model.lm_head.weight");
        assertThat(ModelInspection.of(out.resolve("q")).parts()).allMatch(ModelInspection.Part::needed);
        assertThat(ModelInspection.of(source).problems()).isEmpty();
        assertThat(ModelInspection.of(source).parts()).filteredOn(part -> !part.needed())
                .extracting(ModelInspection.Part::name, ModelInspection.Part::bytes)
                .contains(tuple("other", 4L * length));
    }

    /** Puts a vector before the weights. */
    private void withFirst(String name, int length) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(source, MllamaTensorNames.INSTANCE)) {
            SafetensorsWriter writer = new SafetensorsWriter().add(name, new float[length], length);
            checkpoint.tensors().values().forEach(writer::add);
            writer.write(weights);
        }
    }

    @Test
    void aSourceThatIsWrittenToMeanwhileIsRefused() throws IOException {
        Files.setLastModifiedTime(weights, FileTime.fromMillis(1_700_000_000_000L));
        Quantizer.Progress touching = (done, all) -> {
            try {
                Files.setLastModifiedTime(weights, FileTime.fromMillis(1_700_000_001_000L));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };

        assertRefused(touching, weights
                + ": was changed while it was in use: expected nothing written since 2023-11-14T22:13:20Z, found 2023-11-14T22:13:21Z");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aSourceThatIsCutShortMeanwhileIsRefused() throws Exception {
        String said = ClassPathJvm.run(Cutting.class, List.of("--add-modules", "jdk.incubator.vector"), source.toString(), out.toString())
                .out().strip();

        assertThat(said).isEqualTo(weights + ": was changed while it was in use: expected 942870 bytes, found 1000");
        try (Stream<Path> files = Files.list(out)) {
            assertThat(files).isEmpty();
        }
    }

    /** Cuts the source short in the middle; in a process of its own, since it reads what is no longer there. */
    static final class Cutting {
        private Cutting() {}

        public static void main(String[] args) throws IOException {
            Path source = Path.of(args[0]);
            try {
                Quantizer.quantize(source, Path.of(args[1], "q"), QuantizeOptions.of(QuantizationScheme.INT8), (done, all) -> {
                    try (FileChannel file = FileChannel.open(source.resolve("model.safetensors"), StandardOpenOption.WRITE)) {
                        file.truncate(1000);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            } catch (ModelFormatException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void anAdapterWhoseMergedWeightsDoNotFitIntoMemoryIsRefusedBeforeItBegins() {
        MemoryEstimate estimate = MemoryEstimate.of(source, ModelFamilies.ALL.read(source).architecture(), Optional.empty(), 2);
        MemoryCheck check = new MemoryCheck(estimate.withMergedBytes(3L << 30), Long.MAX_VALUE, 2L << 30);

        assertThatThrownBy(() -> Quantizer.requireMemory(source, check)).isInstanceOf(UnsuitableMachineException.class)
                .hasMessage(source + ": quantising needs 3232 MB of memory, the machine or container has 2048 MB"
                        + " (3072 MB for weights merged with an adapter)");
        Quantizer.requireMemory(source, new MemoryCheck(estimate.withMergedBytes(1L << 30), Long.MAX_VALUE, 2L << 30));
    }
}
