package dev.mme5.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.benchmarks.checkpoint.SyntheticCheckpoint;
import dev.mme5.benchmarks.checkpoint.SyntheticConfig;
import dev.mme5.benchmarks.checkpoint.SyntheticShape;
import dev.mme5.benchmarks.checkpoint.WeightBytes;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.ModelInspection;
import dev.mme5.engine.family.mllama.MllamaConfig;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** A model of the real size, 21 GB in five shards, of which only the headers take disk space. */
@Isolated("measures times and the heap")
class SparseModelTest {
    private static final int OPENINGS = 5;
    private static final double SECONDS = 1;
    private static final long HEAP = 128L << 20;

    @TempDir
    static Path parent;

    private static Path folder;

    @BeforeAll
    static void write() throws IOException {
        folder = parent.resolve("model");
        SyntheticCheckpoint.writeSparse(folder, SyntheticShape.real(448), SyntheticConfig.MINI);
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
    void anOpenModelUsesLittleHeap() {
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
    void weightBytesAreThoseOfTheReference() {
        WeightBytes bytes = WeightBytes.of(folder, MllamaConfig.read(folder));

        assertThat(bytes.text() / 1e9).isBetween(13.95, 13.97);
        assertThat(bytes.image() / 1e9).isBetween(19.05, 19.11); // 13.96 + 3.49 + 1.57 + 0.06
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
