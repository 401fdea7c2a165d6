package dev.mme5.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.engine.family.ModelArchitecture;
import dev.mme5.engine.image.ImageDecoder;
import dev.mme5.engine.kernel.ObservedKernels;
import dev.mme5.engine.runtime.ModelFamilies;
import dev.mme5.engine.runtime.ModelRuntime;
import dev.mme5.engine.runtime.memory.MemoryCheck;
import dev.mme5.engine.runtime.memory.MemoryEstimate;
import dev.mme5.engine.testing.Golden;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Models that may use less heap than there is. */
class SmallHeapTest {
    private static final Path FOLDER = Golden.ROOT.resolve("models/a-bf16-hub");
    private static final Input SMALL = Input.image(Golden.IMAGES.resolve("shapes_2x2.png"));
    private static final BufferedImage IMAGE = new BufferedImage(2000, 1000, BufferedImage.TYPE_INT_RGB);
    private static final Input LARGE = Input.image(IMAGE);
    private static final Options OPTIONS = Options.defaults().withThreads(2).withImageCacheBytes(Long.MAX_VALUE);

    private final ModelArchitecture model = ModelFamilies.ALL.read(FOLDER).architecture();
    private final MemoryEstimate estimate = MemoryEstimate.of(FOLDER, model, Optional.empty(), 2);

    /** Just enough heap to decode the large image while nothing is cached. */
    private final long heap = estimate.idle() + decoding(IMAGE);

    @Test
    void decodingEvictsCachedStates() {
        try (EmbeddingModel roomy = EmbeddingModel.open(FOLDER, OPTIONS); EmbeddingModel model = open(heap)) {
            List<Embedding> right = roomy.embedAll(List.of(SMALL, LARGE, SMALL), ProgressListener.NONE);

            assertThat(model.embed(SMALL)).isEqualTo(right.getFirst());
            assertThat(model.embed(LARGE)).isEqualTo(right.get(1));
            assertThat(model.embedAll(List.of(SMALL, LARGE, SMALL), ProgressListener.NONE)).isEqualTo(right);
        }
    }

    @Test
    void tracingEvictsCachedStates() {
        try (EmbeddingModel model = open(heap)) {
            Embedding right = model.embed(LARGE);
            model.embed(SMALL);

            assertThat(ModelTools.of(model).trace(LARGE, (name, shape, values) -> {}).cosine(right)).isGreaterThan(0.99999f);
        }
    }

    @Test
    void anImageThatNeedsMoreThanTheHeapIsRefused() {
        try (EmbeddingModel model = open(heap - 1)) {
            model.embed(SMALL);
            long free = heap - 1 - estimate.idle();
            String message = "image: does not fit in the memory of the Java machine: decoding needs %d MB of heap, %d MB are free"
                    .formatted(Math.ceilDiv(free + 1, 1 << 20), free >> 20);

            assertThatThrownBy(() -> model.embed(LARGE)).isInstanceOf(InputException.class).hasMessageStartingWith(message);
            assertThatThrownBy(() -> ModelTools.of(model).trace(LARGE, (name, shape, values) -> {})).hasMessageStartingWith(message);
        }
    }

    @Test
    void tooManyImagesAreRefusedBeforeAnyIsDecoded() {
        Input many = Input.images(Collections.nCopies(10_000, ImageSource.of(Path.of("there is none.png"))), "a");
        try (EmbeddingModel model = open(heap)) {
            String message = "10002 tokens and 10000 images need %d MB of heap, the JVM has %d MB (raise it with -Xmx)"
                    .formatted(Math.ceilDiv(estimate.prompt(10_002, 10_000), 1 << 20), heap >> 20);

            assertThatThrownBy(() -> model.embed(many)).isInstanceOf(InputException.class).hasMessage(message);
            assertThatThrownBy(() -> ModelTools.of(model).trace(many, (name, shape, values) -> {})).isInstanceOf(InputException.class)
                    .hasMessage(message);
            List<EmbeddingResult> results = model.tryEmbedAll(List.of(SMALL, many), ProgressListener.NONE);
            assertThat(results.getFirst().failed()).isFalse();
            assertThat(results.getLast().error()).hasMessage(message);
        }
    }

    /** The heap may run out in a pass of texts, where no image is decoded ahead: each goes by itself then. */
    @Test
    void textsWhosePassFindsTheHeapFullGoOneByOne() {
        AtomicBoolean full = new AtomicBoolean(true);
        ModelRuntime.Environment environment =
                ModelRuntime.Environment.standard().withKernels(kernels -> new ObservedKernels(kernels, (x, w) -> {
                    if (full.getAndSet(false)) throw new OutOfMemoryError("simulated");
                }));
        List<Input> texts = List.of(Input.text("one"), Input.text("two words"), Input.text("three"));
        try (EmbeddingModel model = EmbeddingModel.open(FOLDER, OPTIONS, ProgressListener.NONE, environment)) {
            List<Embedding> embedded = model.embedAll(texts);

            assertThat(full).isFalse();
            assertThat(embedded).isEqualTo(model.embedAll(texts));
        }
    }

    private static EmbeddingModel open(long heapBytes) {
        return EmbeddingModel.open(FOLDER, OPTIONS, ProgressListener.NONE,
                ModelRuntime.Environment.standard().withMemory(estimate -> new MemoryCheck(estimate, heapBytes, Long.MAX_VALUE)));
    }

    private long decoding(BufferedImage image) {
        AtomicLong max = new AtomicLong();
        model.inputProcessor(FOLDER, false).prepare(
                new ImageDecoder(ImageDecoder.DEFAULT_MAX_PIXELS, false).convert(image, "image", needed -> highest(max, needed)),
                "image", needed -> highest(max, needed));
        return max.get();
    }

    private static long highest(AtomicLong max, long needed) {
        return max.accumulateAndGet(needed, Math::max);
    }
}
