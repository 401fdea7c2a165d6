package dev.mme5.engine.family.mllama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.family.EmbeddedBatch;
import dev.mme5.engine.family.EmbeddingNetwork;
import dev.mme5.engine.family.SequenceBatch;
import dev.mme5.engine.kernel.VectorKernels;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.engine.nn.Trace;
import dev.mme5.engine.runtime.ModelFamilies;
import dev.mme5.engine.testing.Golden;
import dev.mme5.weights.Checkpoint;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Equal beginnings are computed once, in a pass and from pass to pass, and no bit of a vector depends on it. */
@Tag("width")
class EqualBeginningsTest {
    private static final Path MODEL = Golden.ROOT.resolve("models/a-bf16-hub");

    /** What a token takes in the cache: keys and values of each layer of self-attention, found by running one beginning. */
    private static final int MANY_BYTES = 1 << 30;

    private interface WithNetwork {
        void run(EmbeddingNetwork network);
    }

    private static void with(int threads, WithNetwork test) {
        ModelFamilies.Found model = ModelFamilies.ALL.read(MODEL);
        try (Checkpoint checkpoint = Checkpoint.open(MODEL, model.family().tensorNames());
                Kernels kernels = new VectorKernels(new WorkerPool(threads))) {
            test.run(model.architecture().load(checkpoint.weights(), kernels));
        }
    }

    /** Random batches of sequences over a small alphabet, so that they share beginnings of all lengths. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aVectorHasTheBitsOfTheSequenceAlone(int threads) {
        Map<String, float[]> alone = new HashMap<>();
        with(threads, plain -> with(threads, network -> {
            Random random = new Random(threads);
            long tokenBytes = tokenBytes(network);
            int shared = 0;
            int evictions = 0;
            for (int round = 0; round < 120; round++) {
                if (round % 10 == 0) {
                    long limit = new long[] {0, 3 * tokenBytes, 40 * tokenBytes, MANY_BYTES}[random.nextInt(4)];
                    network.prefixCache().limit(limit);
                }
                if (random.nextInt(5) == 0) {
                    network.prefixCache().shrink(random.nextInt(20) * tokenBytes);
                    evictions++;
                }
                int[][] ids = batch(random);
                EmbeddedBatch batch = network.embed(new SequenceBatch(ids, List.of()), Trace.NONE);
                for (int i = 0; i < ids.length; i++) {
                    float[] expected = alone.computeIfAbsent(Arrays.toString(ids[i]), key -> vector(plain, key));
                    assertThat(batch.vectors().rows(i, i + 1).toArray()).containsExactly(expected);
                    assertThat(batch.sharedTokens()[i]).isBetween(0, ids[i].length);
                    shared += batch.sharedTokens()[i];
                }
            }
            assertThat(shared).isGreaterThan(1000);
            assertThat(evictions).isGreaterThan(5);
        }));
    }

    private static int[][] batch(Random random) {
        int[][] ids = new int[1 + random.nextInt(6)][];
        for (int i = 0; i < ids.length; i++) {
            int length = 1 + random.nextInt(random.nextInt(8) == 0 ? 90 : 24);
            ids[i] = new int[length];
            // The first part of a text is one of two instructions; later tokens part sooner or later.
            int instruction = random.nextInt(2);
            int same = random.nextInt(length + 1);
            for (int t = 0; t < length; t++) ids[i][t] = 1 + (t < same ? instruction * 7 + t % 5 : random.nextInt(3));
        }
        return ids;
    }

    private static float[] vector(EmbeddingNetwork network, String key) {
        int[] ids = Arrays.stream(key.substring(1, key.length() - 1).split(", ")).mapToInt(Integer::parseInt).toArray();
        return network.embed(new SequenceBatch(new int[][] {ids}, List.of()), Trace.NONE).vectors().toArray();
    }

    private static long tokenBytes(EmbeddingNetwork network) {
        network.prefixCache().limit(MANY_BYTES);
        int[][] ids = {{5, 5, 5, 5, 5, 5}};
        network.embed(new SequenceBatch(ids, List.of()), Trace.NONE);
        network.embed(new SequenceBatch(ids, List.of()), Trace.NONE);
        long bytes = network.prefixCache().bytes();
        network.prefixCache().limit(0);
        return bytes / 6;
    }

    @Test
    void aBeginningThatComesAgainIsKeptTheSecondTimeAndUsedTheThird() {
        with(2, network -> {
            network.prefixCache().limit(MANY_BYTES);
            int[][] queries = {{1, 2, 3, 4, 5, 6, 10, 11}, {1, 2, 3, 4, 5, 6, 12}, {1, 2, 3, 4, 5, 6, 13, 14, 15}, {1, 2, 3, 4, 5, 6}};

            List<EmbeddedBatch> found = Arrays.stream(queries)
                    .map(q -> network.embed(new SequenceBatch(new int[][] {q}, List.of()), Trace.NONE))
                    .toList();

            assertThat(found).extracting(batch -> batch.sharedTokens()[0])
                    .containsExactly(0, 0, 6, 5); // the state of a last token is always computed
            assertThat(found).extracting(EmbeddedBatch::cachedTokens).containsExactly(0L, 0L, 6L, 5L);
        });
    }

    @Test
    void aCacheWithoutALimitHoldsNothing() {
        with(1, network -> {
            int[][] ids = {{1, 2, 3, 4, 5, 6, 7}};
            for (int i = 0; i < 3; i++) {
                assertThat(network.embed(new SequenceBatch(ids, List.of()), Trace.NONE).sharedTokens()).containsExactly(0);
            }
            assertThat(network.prefixCache().bytes()).isZero();
        });
    }

    @Test
    void theCacheNeverHoldsMoreThanItsLimit() {
        with(1, network -> {
            long limit = 30 * tokenBytes(network);
            network.prefixCache().limit(limit);
            Random random = new Random(3);
            for (int i = 0; i < 60; i++) {
                network.embed(new SequenceBatch(batch(random), List.of()), Trace.NONE);
                assertThat(network.prefixCache().bytes()).isBetween(0L, limit);
            }
            assertThat(network.prefixCache().bytes()).isPositive();
            network.prefixCache().shrink(0);
            assertThat(network.prefixCache().bytes()).isZero();
        });
    }
}
