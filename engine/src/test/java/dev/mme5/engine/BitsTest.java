package dev.mme5.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.testing.Golden;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same input has the same bits with vector kernels, whatever the other inputs, the threads and the vector width. */
class BitsTest {
    private static final Options ONE_THREAD_NO_CACHE =
            Options.defaults().withKernels(KernelChoice.VECTOR).withThreads(1).withImageCacheBytes(0);

    private static final int BATCH = 50;

    /** Rows of absent tiles that are zero, random, and alike for some; one and two begin-of-text tokens. */
    @ParameterizedTest
    @ValueSource(strings = {"a-bf16-hub", "b-f32-v5", "f-mixed-5-shards"})
    void neighboursThreadsAndTheCacheChangeNoBit(String name) {
        Golden golden = Golden.all().stream().filter(g -> g.model().equals(name)).findFirst().orElseThrow();
        List<Input> inputs = mixed(golden);
        List<int[]> alone = new ArrayList<>();
        try (EmbeddingModel model = EmbeddingModel.open(golden.folder(), ONE_THREAD_NO_CACHE)) {
            for (Input input : inputs) alone.add(bits(model.tryEmbedAll(List.of(input), ProgressListener.NONE).getFirst()));
        }

        for (int threads = 1; threads <= 3; threads++) {
            Options options = ONE_THREAD_NO_CACHE.withThreads(threads).withImageCacheBytes(1 << 28);
            try (EmbeddingModel model = EmbeddingModel.open(golden.folder(), options)) {
                assertSameBits(model, inputs, alone, "together, " + threads + " threads");
                assertSameBits(model, inputs, alone, "with images from the cache, " + threads + " threads");
                assertSameBits(model, List.of(inputs.getLast()), List.of(alone.getLast()), "alone again, " + threads + " threads");
                assertShuffledSameBits(model, inputs, alone, threads);
                assertOneByOneSameBits(model, inputs, alone);
            }
        }
    }

    /** Small inputs and larger ones, so that both the plain and the vector kernels take part. */
    @Tag("thorough")
    @Test
    void theKernelsOfAQuickStartChangeNoBit() {
        Golden golden = Golden.read("a-bf16-hub");
        List<Input> inputs = mixed(golden);
        try (EmbeddingModel vector = EmbeddingModel.open(golden.folder(), ONE_THREAD_NO_CACHE);
                EmbeddingModel quick = EmbeddingModel.open(golden.folder(), ONE_THREAD_NO_CACHE.withKernels(KernelChoice.AUTO))) {
            for (Input input : inputs) {
                int[] expected = bits(vector.tryEmbedAll(List.of(input), ProgressListener.NONE).getFirst());
                int[] actual = bits(quick.tryEmbedAll(List.of(input), ProgressListener.NONE).getFirst());
                assertThat(actual).as("%s", input).isEqualTo(expected);
            }
        }
    }

    /** 49 inputs in an order that mixes texts, images shared by adjacent and distant inputs, and failures; one text last. */
    private static List<Input> mixed(Golden golden) {
        List<Input> all = new ArrayList<>();
        for (Golden.Case c : golden.cases()) {
            if (c.ids().length < 400) all.add(c.input());
        }
        Path image = Golden.IMAGES.resolve("shapes_2x2.png");
        for (String text : List.of("What is it?", "A much longer question about the same picture: what may it be?\n")) {
            all.add(Input.images(List.of(ImageSource.of(image)), text));
            all.add(Input.prompt("Look: <|image|> " + text, ImageSource.of(image)));
            all.add(Input.images(List.of(ImageSource.of(image), ImageSource.of(image)), text));
        }
        all.add(Input.image(Golden.IMAGES.resolve("no_such_image.png")));
        all.add(Input.prompt("one <|image|> too many"));
        Collections.shuffle(all, new Random(7));
        while (all.size() < BATCH) all.addAll(List.copyOf(all));
        List<Input> inputs = new ArrayList<>(all.subList(0, BATCH - 4));
        inputs.add(Input.image(image));
        inputs.add(Input.image(image));
        inputs.add(Input.image(Golden.IMAGES.resolve("no_such_image.png")));
        inputs.add(Input.text("the last one"));
        return inputs;
    }

    private static void assertSameBits(EmbeddingModel model, List<Input> inputs, List<int[]> alone, String how) {
        List<EmbeddingResult> results = model.tryEmbedAll(inputs, ProgressListener.NONE);
        for (int i = 0; i < inputs.size(); i++) {
            assertThat(bits(results.get(i))).as("%s: input %d, %s", how, i, inputs.get(i)).isEqualTo(alone.get(i));
        }
    }

    private static void assertShuffledSameBits(EmbeddingModel model, List<Input> inputs, List<int[]> alone, int seed) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) order.add(i);
        Collections.shuffle(order, new Random(seed));
        assertSameBits(model, order.stream().map(inputs::get).toList(), order.stream().map(alone::get).toList(), "in another order");
    }

    private static void assertOneByOneSameBits(EmbeddingModel model, List<Input> inputs, List<int[]> alone) {
        for (int i = 0; i < inputs.size(); i += 3) {
            if (alone.get(i).length == 0) continue;
            assertThat(bits(model.embed(inputs.get(i)).values())).as("embed: input %d", i).isEqualTo(alone.get(i));
        }
    }

    @Test
    void aTraceHasTheBitsOfTheSameTraceWithMoreThreads() {
        Golden golden = Golden.read("c-f16-sharded");
        Input input = golden.cases().stream().filter(c -> c.id().equals("image_three")).findFirst().orElseThrow().input();
        List<List<Integer>> runs = new ArrayList<>();
        for (int threads = 1; threads <= 3; threads++) {
            List<Integer> hashes = new ArrayList<>();
            try (EmbeddingModel model = EmbeddingModel.open(golden.folder(), ONE_THREAD_NO_CACHE.withThreads(threads))) {
                ModelTools.of(model).trace(input, (name, shape, values) -> hashes.add(Arrays.hashCode(bits(values))));
            }
            runs.add(hashes);
        }

        assertThat(runs.get(0)).hasSizeGreaterThan(30).isEqualTo(runs.get(1)).isEqualTo(runs.get(2));
    }

    /** Of a failure: none. */
    private static int[] bits(EmbeddingResult result) {
        return result.failed() ? new int[0] : bits(result.embedding().values());
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) bits[i] = Float.floatToRawIntBits(values[i]);
        return bits;
    }
}
