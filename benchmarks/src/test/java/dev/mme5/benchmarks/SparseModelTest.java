package dev.mme5.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.benchmarks.SyntheticShape.Tensor;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.ModelInspection;
import dev.mme5.engine.model.MllamaConfig;
import dev.mme5.json.JsonWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model of the real size, 21 GB in five shards, of which only the headers take room on the disk. */
class SparseModelTest {
    private static final int OPENINGS = 5;
    private static final double SECONDS = 1;
    private static final long HEAP = 128L << 20;

    @TempDir
    static Path folder;

    @BeforeAll
    static void write() throws IOException {
        SyntheticShape shape = SyntheticShape.real(448);
        SyntheticConfig.write(folder, shape, SyntheticConfig.MINI);
        JsonWriter index = new JsonWriter().beginObject().name("weight_map").beginObject();
        List<List<Tensor>> shards = SyntheticCheckpoint.shards(shape.tensors());
        for (int i = 0; i < shards.size(); i++) {
            String file = "model-%05d-of-%05d.safetensors".formatted(i + 1, shards.size());
            writeSparse(folder.resolve(file), shards.get(i));
            for (Tensor tensor : shards.get(i)) index.member(tensor.name(), file);
        }
        Files.writeString(folder.resolve(SyntheticCheckpoint.INDEX), index.endObject().endObject().toString());
    }

    private static void writeSparse(Path file, List<Tensor> tensors) throws IOException {
        JsonWriter json = new JsonWriter().beginObject();
        long at = 0;
        for (Tensor tensor : tensors) {
            long end = at + 2 * tensor.shape().elements();
            json.name(tensor.name()).beginObject().member("dtype", "BF16");
            json.name("shape").value(tensor.shape().dims()).name("data_offsets").value(new long[] {at, end}).endObject();
            at = end;
        }
        byte[] header = json.endObject().toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer start = ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).put(header);
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            channel.write(start.flip());
            channel.write(ByteBuffer.allocate(1), 8 + header.length + at - 1);
        }
    }

    @Test
    void opensWithinASecond() {
        double best = Double.MAX_VALUE;
        for (int i = 0; i < OPENINGS; i++) {
            long start = System.nanoTime();
            try (EmbeddingModel model = EmbeddingModel.open(folder)) {
                best = Math.min(best, (System.nanoTime() - start) / 1e9);
                assertThat(model.dimensions()).isEqualTo(4096);
            }
        }
        assertThat(best).isLessThan(SECONDS);
    }

    @Test
    void anOpenModelHoldsLittleHeap() {
        System.gc();
        long before = used();
        try (EmbeddingModel model = EmbeddingModel.open(folder)) {
            System.gc();
            assertThat(used() - before).isBetween(0L, HEAP);
            assertThat(model.maxTokens()).isEqualTo(131_072);
        }
    }

    @Test
    void isInspectedFromItsHeaders() {
        ModelInspection inspection = ModelInspection.of(folder);

        assertThat(inspection.problems()).isEmpty();
        assertThat(inspection.parts().stream().mapToLong(ModelInspection.Part::parameters).sum()).isEqualTo(10_642_941_475L);
        assertThat(inspection.memory()).hasSizeGreaterThan(1).allSatisfy(run -> assertThat(run.heapBytes()).isLessThan(1L << 30));
    }

    @Test
    void weightsOfTextsAndPicturesAreThoseOfTheReferencesBudget() {
        WeightBytes bytes = WeightBytes.of(folder, MllamaConfig.read(folder));

        assertThat(bytes.text() / 1e9).isBetween(13.95, 13.97);
        assertThat(bytes.picture() / 1e9).isBetween(19.05, 19.11); // 13.96 + 3.49 + 1.57 + 0.06
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
