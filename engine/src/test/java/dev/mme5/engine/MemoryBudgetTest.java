package dev.mme5.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.engine.runtime.MemoryBudget;
import dev.mme5.engine.runtime.MemoryCheck;
import dev.mme5.engine.runtime.VisionStateCache;
import dev.mme5.engine.runtime.ModelMetadata;
import dev.mme5.engine.family.mllama.MllamaMemoryEstimate;
import dev.mme5.engine.family.mllama.tiling.MllamaImageProcessor;
import dev.mme5.engine.image.ImageDecoder;
import dev.mme5.engine.testing.Golden;
import dev.mme5.engine.text.SomeStates;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Models that are told of less heap than there is. */
class MemoryBudgetTest {
    private static final Path FOLDER = Golden.ROOT.resolve("models/a-bf16-hub");
    private static final Input SMALL = Input.image(Golden.IMAGES.resolve("shapes_2x2.png"));
    private static final BufferedImage PICTURE = new BufferedImage(2000, 1000, BufferedImage.TYPE_INT_RGB);
    private static final Input LARGE = Input.image(PICTURE);
    private static final Options OPTIONS = Options.defaults().withThreads(2).withImageCacheBytes(Long.MAX_VALUE);

    private final ModelMetadata folder = ModelMetadata.read(FOLDER);
    private final MllamaMemoryEstimate plan = new MllamaMemoryEstimate(folder.config(), Optional.empty(), 2);

    /** So much heap that the large picture can just be decoded where nothing is kept. */
    private final long heap = plan.idle() + decoding(PICTURE);

    @Test
    void keptPicturesGiveWayToOneThatIsDecoded() {
        try (EmbeddingModel roomy = EmbeddingModel.open(FOLDER, OPTIONS); EmbeddingModel model = open(heap)) {
            List<Embedding> right = roomy.embedAll(List.of(SMALL, LARGE, SMALL), ProgressListener.NONE);

            assertThat(model.embed(SMALL)).isEqualTo(right.getFirst());
            assertThat(model.embed(LARGE)).isEqualTo(right.get(1));
            assertThat(model.embedAll(List.of(SMALL, LARGE, SMALL), ProgressListener.NONE)).isEqualTo(right);
        }
    }

    @Test
    void keptPicturesGiveWayToOneThatIsTraced() {
        try (EmbeddingModel model = open(heap)) {
            Embedding right = model.embed(LARGE);
            model.embed(SMALL);

            assertThat(model.trace(LARGE, (name, shape, values) -> {}).cosine(right)).isGreaterThan(0.99999f);
        }
    }

    @Test
    void aPictureForWhichThereIsNoRoomAtAllIsRefused() {
        try (EmbeddingModel model = open(heap - 1)) {
            model.embed(SMALL);
            long free = heap - 1 - plan.idle();
            String message = "picture: does not fit in the memory of the Java machine: decoding needs %d MB of heap, %d MB are free"
                    .formatted(Math.ceilDiv(free + 1, 1 << 20), free >> 20);

            assertThatThrownBy(() -> model.embed(LARGE)).isInstanceOf(InputException.class).hasMessageStartingWith(message);
            assertThatThrownBy(() -> model.trace(LARGE, (name, shape, values) -> {})).hasMessageStartingWith(message);
        }
    }

    @Test
    void tooManyPicturesAreRefusedBeforeAnyIsDecoded() {
        Input many = Input.images(Collections.nCopies(10_000, ImageSource.of(Path.of("there is none.png"))), "a");
        try (EmbeddingModel model = open(heap)) {
            String message = "10002 tokens and 10000 pictures need %d MB of heap, the JVM has %d MB (raise it with -Xmx)"
                    .formatted(Math.ceilDiv(plan.prompt(10_002, 10_000), 1 << 20), heap >> 20);

            assertThatThrownBy(() -> model.embed(many)).isInstanceOf(InputException.class).hasMessage(message);
            assertThatThrownBy(() -> model.trace(many, (name, shape, values) -> {})).isInstanceOf(InputException.class).hasMessage(message);
            List<EmbeddingResult> results = model.tryEmbedAll(List.of(SMALL, many), ProgressListener.NONE);
            assertThat(results.getFirst().failed()).isFalse();
            assertThat(results.getLast().error()).hasMessage(message);
        }
    }

    @Test
    void whatIsKeptGivesWayAsFarAsItMust() {
        MemoryCheck memory = new MemoryCheck(plan, plan.idle() + plan.pass(20, 1) + 2400, Long.MAX_VALUE);
        long toDecode = memory.roomToDecode();

        MemoryBudget heap = kept(memory);
        assertThat(heap.forDecoding().free(toDecode + 1)).isEqualTo(toDecode);
        assertThat(heap.cache().bytes()).isEqualTo(4000);
        assertThat(heap.forDecoding().free(toDecode - 2400)).isEqualTo(toDecode);
        assertThat(heap.cache().bytes()).isEqualTo(2000);

        heap = kept(memory);
        assertThat(heap.forDecodingBeside(20, 1).free(1)).isEqualTo(2400 - 4000);
        assertThat(heap.cache().bytes()).isEqualTo(4000);
        heap.makeRoom(20, 1);
        assertThat(heap.cache().bytes()).isEqualTo(2000);
    }

    /** Beside four pictures whose states take a thousand bytes each. */
    private static MemoryBudget kept(MemoryCheck memory) {
        VisionStateCache cache = new VisionStateCache(Long.MAX_VALUE);
        for (byte i = 0; i < 4; i++) cache.put(new VisionStateCache.Key(ByteBuffer.wrap(new byte[] {i}), false), SomeStates.ofRows(250));
        return new MemoryBudget(memory, cache);
    }

    private static EmbeddingModel open(long heapBytes) {
        return EmbeddingModel.open(FOLDER, OPTIONS, ProgressListener.NONE, kernels -> kernels,
                plan -> new MemoryCheck(plan, heapBytes, Long.MAX_VALUE));
    }

    private long decoding(BufferedImage picture) {
        AtomicLong most = new AtomicLong();
        new MllamaImageProcessor(folder.imageProcessor()).process(
                new ImageDecoder(ImageDecoder.DEFAULT_MAX_PIXELS, false).convert(picture, "picture", needed -> noted(most, needed)),
                "picture", needed -> noted(most, needed));
        return most.get();
    }

    private static long noted(AtomicLong most, long needed) {
        return most.accumulateAndGet(needed, Math::max);
    }
}
