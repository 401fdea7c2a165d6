package dev.mme5.weights;

import static dev.mme5.weights.TestFiles.index;
import static dev.mme5.weights.TestFiles.littleEndian;
import static dev.mme5.weights.TestFiles.safetensors;
import static dev.mme5.weights.TestFiles.shard;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.json.ModelFormatException;
import dev.mme5.weights.file.ShardFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
    private static final String SINGLE = "model.safetensors";

    @TempDir
    Path folder;

    @Test
    void tensorBytesStartRightAfterTheHeader() throws IOException {
        byte[] header = """
            {"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""".getBytes(StandardCharsets.UTF_8);
        Files.write(folder.resolve(SINGLE), safetensors(header, littleEndian(1.5f, -2f)));

        try (Checkpoint checkpoint = Checkpoint.open(folder, TestFiles.NAMES)) {
            assertThat(checkpoint.weights().vector("w", 2)).containsExactly(1.5f, -2f);
        }
    }

    @Test
    void dataNeedNotBeAligned() throws IOException {
        // The floats begin at an odd offset.
        byte[] header =
                """
            {"b":{"dtype":"BF16","shape":[1],"data_offsets":[5,7]},"o":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"w":{"dtype":"F32","shape":[1],"data_offsets":[1,5]}}"""
                        .getBytes(StandardCharsets.UTF_8);
        byte[] data = {7, 0, 0, (byte) 0xC0, 0x3F, (byte) 0x80, 0x3F};
        Files.write(folder.resolve(SINGLE), safetensors(header, data));

        try (Checkpoint checkpoint = Checkpoint.open(folder, TestFiles.NAMES)) {
            assertThat(checkpoint.weights().scalar("w")).isEqualTo(1.5f);
            assertThat(checkpoint.weights().scalar("b")).isEqualTo(1f);
            assertThat(checkpoint.tensors().keySet()).containsExactly("o", "w", "b");
        }
    }

    @Test
    void shardsAreReadTogetherInTheOrderOfTheirNames() throws IOException {
        shard(folder.resolve("model-2.safetensors"), "a", "d");
        shard(folder.resolve("model-1.safetensors"), "c");
        index(folder, "a", "model-2.safetensors", "c", "model-1.safetensors", "d", "model-2.safetensors");

        try (Checkpoint checkpoint = Checkpoint.open(folder, TestFiles.NAMES)) {
            assertThat(checkpoint.tensors().keySet()).containsExactly("c", "a", "d");
            assertThat(checkpoint.tensors().get("a").file()).isEqualTo(folder.resolve("model-2.safetensors").toString());
            assertThat(checkpoint.metadata()).containsOnlyKeys("format").containsValue("pt");
            assertThat(checkpoint.totalBytes()).isEqualTo(12);
            assertThat(checkpoint.shards()).containsExactly(
                    new ShardFile(folder.resolve("model-1.safetensors"), Files.size(folder.resolve("model-1.safetensors")), 1),
                    new ShardFile(folder.resolve("model-2.safetensors"), Files.size(folder.resolve("model-2.safetensors")), 2));
        }
    }

    @Test
    void aTensorThatTheIndexDoesNotListIsThereAllTheSame() throws IOException {
        shard(folder.resolve("s"), "a", "unlisted");
        index(folder, "a", "s");

        try (Checkpoint checkpoint = Checkpoint.open(folder, TestFiles.NAMES)) {
            assertThat(checkpoint.weights().has("unlisted")).isTrue();
        }
    }

    @Test
    void theSingleFileIsPreferredAsTheReferenceDoes() throws IOException {
        shard(folder.resolve(SINGLE), "single");
        shard(folder.resolve("s"), "sharded");
        index(folder, "sharded", "s");

        try (Checkpoint checkpoint = Checkpoint.open(folder, TestFiles.NAMES)) {
            assertThat(checkpoint.tensors().keySet()).containsExactly("single");
        }
    }

    @Test
    void aFileOfAnyNameCanBeOpenedAlone() throws IOException {
        Path file = shard(folder.resolve("golden.bin"), "x");

        try (Checkpoint checkpoint = Checkpoint.openFile(file)) {
            assertThat(checkpoint.weights().scalar("x")).isEqualTo(1);
        }
    }

    @Test
    void tensorsAreFoundByCanonicalNameAndKeepTheNameOfTheirFile() throws IOException {
        shard(folder.resolve("s1"), "layers.0.weight", "root.norm.weight");
        shard(folder.resolve("s2"), "root.layers.1.weight");
        index(folder, "layers.0.weight", "s1", "root.norm.weight", "s1", "root.layers.1.weight", "s2");

        try (Checkpoint checkpoint = Checkpoint.open(folder, TestFiles.NAMES)) {
            assertThat(checkpoint.tensors()).containsOnlyKeys("layers.0.weight", "norm.weight", "layers.1.weight");
            assertThat(checkpoint.tensors().get("norm.weight").name()).isEqualTo("root.norm.weight");
        }
        try (Checkpoint checkpoint = Checkpoint.open(folder, TensorNames.AS_STORED)) {
            assertThat(checkpoint.tensors()).containsOnlyKeys("layers.0.weight", "root.norm.weight", "root.layers.1.weight");
        }
    }

    @Test
    void refusesTwoNamesForOneTensor() throws IOException {
        shard(folder.resolve("s1"), "norm.weight");
        shard(folder.resolve("s2"), "root.norm.weight");
        index(folder, "norm.weight", "s1", "root.norm.weight", "s2");

        assertRefused(folder.resolve("s2") + ": root.norm.weight: the same tensor as \"norm.weight\" in " + folder.resolve("s1"));
    }

    @Test
    void refusesATensorThatIsNotInTheShardTheIndexSays() throws IOException {
        shard(folder.resolve("s1"), "a");
        Path index = index(folder, "a", "s1", "b", "s1");

        assertRefused(index + ": weight_map.b: not in s1");
    }

    @Test
    void refusesATensorThatIsInAnotherShardThanTheIndexSays() throws IOException {
        shard(folder.resolve("s1"), "a", "b");
        shard(folder.resolve("s2"), "c");
        Path index = index(folder, "a", "s1", "b", "s2", "c", "s2");

        assertRefused(index + ": weight_map.b: expected it in s2, found it in s1");
    }

    @Test
    void refusesAMissingShard() throws IOException {
        shard(folder.resolve("s1"), "a");
        index(folder, "a", "s1", "b", "s2");

        assertRefused(folder.resolve("s2") + ": not found");
    }

    @Test
    void refusesAnIndexWithoutUsableWeightMap() throws IOException {
        Path index = folder.resolve("model.safetensors.index.json");

        Files.writeString(index, "{}");
        assertRefused(index + ": weight_map: missing");
        Files.writeString(index, "{\"weight_map\":[]}");
        assertRefused(index + ": weight_map: expected an object, found an array");
        Files.writeString(index, "{\"weight_map\":{\"a.b\":3}}");
        assertRefused(index + ": weight_map.a.b: expected a string, found 3");
        Files.writeString(index, "{\"weight_map\"");
        assertRefused(index + ": byte 13: expected ':', found the end");
    }

    @Test
    void refusesAFolderWithoutWeights() {
        assertRefused(folder + ": expected model.safetensors or model.safetensors.index.json, found neither");
    }

    @Test
    void namesTheWeightsOfAnotherFormat() throws IOException {
        Files.createFile(folder.resolve("pytorch_model.bin"));

        assertRefused(folder + ": expected model.safetensors or model.safetensors.index.json, found neither, but pytorch_model.bin, "
                + "which is not read");
    }

    @Test
    void refusesWhatIsNoFolder() throws IOException {
        Path missing = folder.resolve("missing"), file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> Checkpoint.open(missing, TestFiles.NAMES)).isInstanceOf(ModelFormatException.class)
                .hasMessage(missing + ": not found");
        assertThatThrownBy(() -> Checkpoint.open(file, TestFiles.NAMES)).isInstanceOf(ModelFormatException.class)
                .hasMessage(file + ": expected a folder, found a file");
        assertThatThrownBy(() -> Checkpoint.openFile(missing)).isInstanceOf(ModelFormatException.class).hasMessage(missing + ": not found");
        assertThatThrownBy(() -> Checkpoint.openFile(folder)).isInstanceOf(ModelFormatException.class)
                .hasMessage(folder + ": expected a file, found a directory");
    }

    @Test
    void namesTheShardThatIsBroken() throws IOException {
        shard(folder.resolve("s1"), "a");
        Files.write(folder.resolve("s2"), safetensors("{\"b\":3}", 0));
        index(folder, "a", "s1", "b", "s2");

        assertRefused(folder.resolve("s2") + ": b: expected an object, found 3");
        Files.write(folder.resolve("s2"), new byte[3]);
        assertRefused(folder.resolve("s2") + ": expected at least 8 bytes, found 3");
    }

    @Test
    void closingEndsEveryViewAndIsHarmlessTwice() throws IOException {
        shard(folder.resolve(SINGLE), "a");
        Checkpoint checkpoint = Checkpoint.open(folder, TestFiles.NAMES);
        MappedTensor tensor = checkpoint.weights().tensor("a", 1);

        checkpoint.close();
        checkpoint.close();

        assertThatThrownBy(tensor::toFloats).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> checkpoint.weights().scalar("a")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void weightsCannotBeWritten() throws IOException {
        shard(folder.resolve(SINGLE), "a");
        try (Checkpoint checkpoint = Checkpoint.open(folder, TestFiles.NAMES)) {
            assertThat(checkpoint.tensors().get("a").bytes().isReadOnly()).isTrue();
            assertThatThrownBy(() -> checkpoint.tensors().clear()).isInstanceOf(UnsupportedOperationException.class);
        }
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> Checkpoint.open(folder, TestFiles.NAMES)).isInstanceOf(ModelFormatException.class).hasMessage(message);
    }
}
