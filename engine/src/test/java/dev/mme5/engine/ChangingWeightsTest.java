package dev.mme5.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.engine.testing.ChangingWeights;
import dev.mme5.engine.testing.ClassPathJvm;
import dev.mme5.engine.testing.Golden;
import dev.mme5.engine.testing.ModelCopy;
import dev.mme5.json.ModelFormatException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Weights that are written to, cut short, replaced or deleted while a model uses them. */
@Timeout(900)
class ChangingWeightsTest {
    /** {@code -Dmme5.changes=200} is the number that the documentation names. */
    private static final int ROUNDS = Integer.getInteger("mme5.changes", 25);

    private static final int WARM_UP_CALLS = 150;

    @TempDir
    private Path folder;

    private Path weights;

    @BeforeEach
    void copyModel() throws IOException {
        Files.createDirectory(folder.resolve("model"));
        weights = ModelCopy.of("a-bf16-hub", folder.resolve("model")).folder().resolve("model.safetensors");
    }

    /** HotSpot dies of such a fault in a compiled vector load unless {@code PageFaultGuard} is called before it. */
    @Tag("thorough")
    @Test
    @EnabledOnOs(OS.LINUX)
    void compiledCodeSurvivesAFaultAndEveryCallIsRightOrRefused() throws Exception {
        for (int bytes : ROUNDS >= 100 ? new int[] {16, 32, 64} : new int[] {64}) {
            Path copies = Files.createDirectory(folder.resolve("copies" + bytes));
            List<String> options =
                    List.of("--add-modules", "jdk.incubator.vector", "-XX:MaxVectorSize=" + bytes,
                            "-XX:ErrorFile=" + folder.resolve("hs_err"));

            List<String> outcomes = ClassPathJvm.run(
                    ChangingWeights.class, options, copies.toString(), Integer.toString(ROUNDS), Integer.toString(WARM_UP_CALLS))
                    .out().lines().toList();

            String changed = "FILE: was changed while it was in use: expected ";
            int each = 2 * ROUNDS / 5;
            assertThat(outcomes).as(bytes + " bytes").containsExactlyInAnyOrder(
                    each + " CUT: " + changed + "N bytes, found N",
                    each + " EMPTIED: " + changed + "N bytes, found N",
                    each + " OVERWRITTEN: " + changed + "nothing written since TIME, found TIME",
                    each + " REPLACED: right bits",
                    each + " DELETED: right bits");
        }
    }

    @Test
    void aShardThatWasCutShortIsNamed() throws IOException {
        try (EmbeddingModel model = EmbeddingModel.open(weights.getParent())) {
            try (FileChannel file = FileChannel.open(weights, StandardOpenOption.WRITE)) {
                file.truncate(1000);
            }
            String expected = weights + ": was changed while it was in use: expected 942870 bytes, found 1000";

            assertThatThrownBy(() -> model.embed(Input.text("a"))).isInstanceOf(ModelFormatException.class).hasMessage(expected);
            assertThatThrownBy(() -> ModelTools.of(model).trace(Input.text("a"), (name, shape, values) -> {})).hasMessage(expected);
            assertThatThrownBy(model::fingerprint).hasMessage(expected);
        }
    }

    @Test
    void aShardThatWasWrittenToIsNamed() throws IOException {
        Files.setLastModifiedTime(weights, FileTime.fromMillis(1_700_000_000_000L));
        try (EmbeddingModel model = EmbeddingModel.open(weights.getParent())) {
            Files.setLastModifiedTime(weights, FileTime.fromMillis(1_700_000_001_000L));

            assertThatThrownBy(() -> model.embed(Input.text("a"))).isInstanceOf(ModelFormatException.class).hasMessage(weights
                    + ": was changed while it was in use: expected nothing written since 2023-11-14T22:13:20Z, found 2023-11-14T22:13:21Z");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aShardThatWasReplacedOrDeletedStaysInUse() throws IOException {
        try (EmbeddingModel model = EmbeddingModel.open(weights.getParent())) {
            Embedding before = model.embed(Input.text("a"));

            Files.move(Files.write(folder.resolve("other"), new byte[10]), weights, StandardCopyOption.ATOMIC_MOVE);
            assertThat(model.embed(Input.text("a"))).isEqualTo(before);
            Files.delete(weights);
            assertThat(model.embed(Input.text("a"))).isEqualTo(before);
        }
    }

    @Test
    void anErrorThatIsNoFaultIsNotTakenForOne() {
        try (EmbeddingModel model = EmbeddingModel.open(Golden.read("a-bf16-hub").folder())) {
            ProgressListener failing = (done, total) -> {
                throw new InternalError("something else");
            };
            assertThatThrownBy(() -> model.embedAll(List.of(Input.text("a")), failing))
                    .isInstanceOf(InternalError.class).hasMessage("something else");
        }
    }
}
