package dev.mme5.benchmarks.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.benchmarks.Main;
import dev.mme5.benchmarks.checkpoint.SyntheticShape.Tensor;
import dev.mme5.benchmarks.checkpoint.SyntheticShape.Values;
import dev.mme5.tokenizer.Tokenizer;
import dev.mme5.weights.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SyntheticCheckpointTest {
    @TempDir
    Path folder;

    /** What the index of the published checkpoint says (reference section 2). */
    @ParameterizedTest
    @CsvSource({"448, 21285882950", "560, 21340441670"})
    void hasAsManyBytesAsThePublishedCheckpoint(int tile, long totalSize) {
        assertThat(SyntheticShape.real(tile).bytes()).isEqualTo(totalSize);
    }

    @Test
    void hasFiveShardsOfAtMostFiveGigabytes() {
        List<List<Tensor>> shards = SyntheticCheckpoint.shards(SyntheticShape.real(448).tensors());

        assertThat(shards).hasSize(5).allSatisfy(shard -> {
            assertThat(2 * shard.stream().mapToLong(tensor -> tensor.shape().elements()).sum()).isBetween(1L, 5_000_000_000L);
        });
        assertThat(shards.stream().mapToInt(List::size).sum()).isEqualTo(SyntheticShape.real(448).tensors().size());
    }

    @Test
    void fewLayersKeepTheWidths() {
        SyntheticShape few = SyntheticShape.few(448);

        assertThat(few.features()).isEqualTo(1280 * 3);
        assertThat(few.tensors()).extracting(tensor -> tensor.name() + " " + tensor.shape()).contains(
                "language_model.model.layers.1.cross_attn.k_proj.weight [1024, 4096]",
                "language_model.model.layers.2.mlp.down_proj.weight [4096, 14336]",
                "vision_model.global_transformer.layers.0.gate_ffn [1]",
                "vision_model.gated_positional_embedding.tile_embedding.weight [9, 5248000]",
                "multi_modal_projector.weight [4096, 3840]");
    }

    @Test
    void theSameSeedGivesTheSameValuesAndAnotherSeedOthers() throws IOException {
        Tensor tensor = new Tensor("a.weight", new Shape(8, 64), Values.LINEAR);

        assertThat(floats(tensor, 1)).isEqualTo(floats(tensor, 1)).isNotEqualTo(floats(tensor, 2));
        assertThat(floats(new Tensor("b.weight", new Shape(8, 64), Values.LINEAR), 1)).isNotEqualTo(floats(tensor, 1));
    }

    /** A layer that sums n numbers of size 1 gives numbers of size 1. */
    @Test
    void linearWeightsKeepTheSizeOfActivations() throws IOException {
        float[] values = floats(new Tensor("a.weight", new Shape(100, 4096), Values.LINEAR), 1);

        double squares = 0;
        for (float value : values) squares += (double) value * value;
        assertThat(Math.sqrt(squares / 100)).isBetween(0.97, 1.03);
    }

    @Test
    void tablesOfTilesAreZeroWhereAnArrangementHasNoTile() throws IOException {
        float[] table = floats(new Tensor("t", new Shape(9, 4 * 10), Values.TILE_TABLE), 1);

        for (int aspect = 0; aspect < 9; aspect++) {
            int tiles = aspect == 0 ? 0 : SyntheticShape.GRIDS[aspect - 1][0] * SyntheticShape.GRIDS[aspect - 1][1];
            for (int tile = 0; tile < 4; tile++) {
                boolean zeros = true;
                for (int i = 0; i < 10; i++) zeros &= table[(aspect * 4 + tile) * 10 + i] == 0;
                assertThat(zeros).as("aspect id %d, tile %d", aspect, tile).isEqualTo(tile >= tiles);
            }
        }
    }

    @Test
    void theSmallTokenizerIsFilledUpToTheRealSize() throws IOException {
        SyntheticConfig.write(folder, SyntheticShape.few(448), SyntheticConfig.MINI);

        Tokenizer tokenizer = Tokenizer.open(folder);

        assertThat(tokenizer.id("<|image|>")).hasValue(128_256);
        assertThat(tokenizer.id("<|begin_of_text|>")).hasValue(128_000);
        assertThat(tokenizer.encode("<|image|><|begin_of_text|>A cat")).startsWith(128_256, 128_000).hasSizeGreaterThan(2);
    }

    @Test
    void wrongUseIsOneLine() {
        assertThat(run("checkpoint", "--output", folder.resolve("m").toString(), "--tile", "449"))
                .isEqualTo("mme5 bench: --tile is 448 or 560, not 449\n");
        assertThat(run("checkpoint", "--output", folder.toString())).isEqualTo("mme5 bench: " + folder + ": it exists already\n");
        assertThat(run("checkpoint")).isEqualTo("mme5 bench: Missing required option: '--output=DIR' (see mme5 bench --help)\n");
    }

    @Test
    void tooLittleSpaceIsToldBeforeAnythingIsWritten() throws IOException {
        Path output = folder.resolve("model");

        assertThatThrownBy(() -> SyntheticCheckpoint.requireSpace(folder, 1L << 60))
                .isInstanceOf(IOException.class)
                .hasMessageMatching(".*: 1,152,921,506,606,846,976 bytes are needed, [0-9,]+ are free");
        assertThat(Files.exists(output)).isFalse();
    }

    private static String run(String... arguments) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        assertThat(Main.run(arguments, stream, stream)).isEqualTo(2);
        return err.toString(StandardCharsets.UTF_8);
    }

    private static float[] floats(Tensor tensor, long seed) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new SyntheticValues(seed).data(tensor).writeTo(Channels.newChannel(bytes));
        ByteBuffer buffer = ByteBuffer.wrap(bytes.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[(int) tensor.shape().elements()];
        for (int i = 0; i < values.length; i++) values[i] = Float.intBitsToFloat(buffer.getShort(2 * i) << 16);
        return values;
    }
}
