package dev.mme5.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.json.ModelFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsTest {
    @TempDir
    Path folder;

    private Path file;
    private Checkpoint checkpoint;
    private Weights weights;

    @BeforeEach
    void open() throws IOException {
        file = folder.resolve("model.safetensors");
        new SafetensorsWriter()
                .add("root.model.layers.3.mlp.gate_proj.weight", DType.BF16, new float[] {1, 2, 3, 4, 5, 6}, 2, 3)
                .add("root.model.layers.3.gate", new float[] {0.25f}, 1)
                .add("root.model.norm.weight", DType.F16, new float[] {1, 0.5f}, 2)
                .add("bare", new float[] {7})
                .add("codes", DType.I8, new Shape(2), out -> out.write(ByteBuffer.wrap(new byte[] {1, 2})))
                .write(file);
        checkpoint = Checkpoint.open(folder, TestFiles.NAMES);
        weights = checkpoint.weights();
    }

    @AfterEach
    void close() {
        checkpoint.close();
    }

    @Test
    void nameListenerReceivesEveryRequestedNameFoundOrNot() {
        List<String> asked = new ArrayList<>();
        Weights listening = weights.withNameListener(asked::add).withErrorListener(refused -> {});

        listening.at("model").at("layers").at(3).matrix("mlp.gate_proj.weight", 2, 3);
        listening.scalar("bare");
        listening.at("model").vector("none", 4);
        weights.at("model").vector("norm.weight", 2);

        assertThat(asked).containsExactly("model.layers.3.mlp.gate_proj.weight", "bare", "model.none");
    }

    @Test
    void scopesLeadToATensor() {
        MappedTensor gate = weights.at("model").at("layers").at(3).at("mlp").tensor("gate_proj.weight", 2, 3);

        assertThat(gate.toFloats()).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(gate.dtype()).isEqualTo(DType.BF16);
        assertThat(weights.at("model.layers").at(3).tensor("mlp.gate_proj.weight", 2, 3)).isEqualTo(gate);
    }

    @Test
    void aScopeKnowsWhatItHas() {
        assertThat(weights.at("model").has("norm.weight")).isTrue();
        assertThat(weights.at("model").has("norm")).isFalse();
        assertThat(weights.has("norm.weight")).isFalse();
        assertThat(weights.at("nowhere").find("x")).isEmpty();
        assertThat(weights.find("codes")).map(MappedTensor::dtype).contains(DType.I8);
    }

    @Test
    void vectorsAreCopiedAsFloats() {
        assertThat(weights.vector("model.norm.weight", 2)).containsExactly(1, 0.5f);
    }

    @Test
    void aScalarHasOneDimensionOrNone() {
        assertThat(weights.at("model.layers.3").scalar("gate")).isEqualTo(0.25f);
        assertThat(weights.scalar("bare")).isEqualTo(7);
    }

    @Test
    void aTensorOfACertainTypeIsGivenAsItIs() {
        assertThat(weights.tensor("codes", DType.I8, 2).dtype()).isEqualTo(DType.I8);
    }

    @Test
    void refusesAMissingTensorAndNamesTheFolder() {
        Weights layer = weights.at("model").at("layers").at(4);

        assertRefused(() -> layer.tensor("mlp.gate_proj.weight", 2, 3),
                folder + ": model.layers.4.mlp.gate_proj.weight: missing tensor");
        assertRefused(() -> layer.vector("x", 2), folder + ": model.layers.4.x: missing tensor");
        assertRefused(() -> layer.scalar("x"), folder + ": model.layers.4.x: missing tensor");
    }

    @Test
    void refusesAnotherShapeAndNamesTheFileAndTheNameInIt() {
        Weights layer = weights.at("model").at("layers").at(3);
        String gate = file + ": root.model.layers.3.mlp.gate_proj.weight: ";

        assertRefused(() -> layer.tensor("mlp.gate_proj.weight", 3, 2), gate + "expected shape [3, 2], found [2, 3]");
        assertRefused(() -> layer.tensor("mlp.gate_proj.weight", 6), gate + "expected shape [6], found [2, 3]");
        assertRefused(() -> layer.tensor("mlp.gate_proj.weight", DType.BF16, 6), gate + "expected shape [6], found [2, 3]");
        assertRefused(() -> layer.scalar("mlp.gate_proj.weight"), gate + "expected shape [1], found [2, 3]");
        assertRefused(() -> weights.vector("bare", 1), file + ": bare: expected shape [1], found []");
    }

    @Test
    void refusesATypeThatIsNotMeant() {
        assertRefused(() -> weights.tensor("codes", 2), file + ": codes: expected BF16, F16 or F32, found I8");
        assertRefused(() -> weights.vector("codes", 2), file + ": codes: expected BF16, F16 or F32, found I8");
        assertRefused(() -> weights.tensor("codes", DType.U8, 2), file + ": codes: expected U8, found I8");
    }

    private static void assertRefused(Runnable asking, String message) {
        assertThatThrownBy(asking::run).isInstanceOf(ModelFormatException.class).hasMessage(message);
    }
}
