package dev.mme5.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.quantize.QuantizeOptions;
import dev.mme5.engine.quantize.Quantizer;
import dev.mme5.engine.runtime.ModelRuntime;
import dev.mme5.engine.testing.Golden;
import dev.mme5.weights.QuantizationScheme;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Inputs that begin alike have the vectors that they have alone: cut, with two begin-of-text tokens, from many threads, with any cache. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedBeginningsTest {
    private static final Path MODEL = Golden.read("a-bf16-hub").folder();
    private static final Options TWO_THREADS = Options.defaults().withThreads(2);
    private static final List<String> WORDS = List.of("a cat", " and a dog", " 12", "\n", " é", "<|begin_of_text|>", " x");
    private static final List<String> INSTRUCTIONS =
            List.of("", "Find me an everyday image that matches the given caption: ", "<|begin_of_text|>Query: ");
    private static final List<String> IMAGES = List.of("shapes_2x2.png", "noise_1x1.png", "noise_2x1.png");

    private static final int CALLERS = 4;

    @TempDir
    Path folder;

    /** An input, and what a model that many call returned for it. */
    private record Answer(Input input, EmbeddingResult result) {}

    /** Tokens of embeddings, as the embeddings count them. */
    private record Tokens(long all, long shared) {}

    /** A text, with images or without, that may begin as others do. */
    private static Input input(Random random) {
        StringBuilder text = new StringBuilder(INSTRUCTIONS.get(random.nextInt(INSTRUCTIONS.size())));
        for (int i = random.nextInt(6); i >= 0; i--) text.append(WORDS.get(random.nextInt(WORDS.size())));
        ImageSource image = ImageSource.of(Golden.IMAGES.resolve(IMAGES.get(random.nextInt(IMAGES.size()))));
        Input input = switch (random.nextInt(6)) {
            case 0 -> Input.images(List.of(image), text.toString());
            case 1 -> Input.prompt(text + Input.IMAGE_TOKEN + " and " + text, image);
            case 2 -> Input.images(List.of(image, image), text.toString());
            default -> Input.text(text.toString());
        };
        input = random.nextInt(4) == 0 ? input.withoutSpecialTokens() : input;
        return random.nextInt(3) == 0 ? input.withMaxTokens(3 + random.nextInt(12)) : input;
    }

    private static void embedRandomly(EmbeddingModel model, int seed, int calls, Queue<Answer> answers) {
        Random random = new Random(seed);
        for (int call = 0; call < calls; call++) {
            List<Input> inputs = new ArrayList<>();
            for (int i = random.nextInt(8); i >= 0; i--) inputs.add(input(random));
            List<EmbeddingResult> results = model.tryEmbedAll(inputs, ProgressListener.NONE);
            for (int i = 0; i < inputs.size(); i++) answers.add(new Answer(inputs.get(i), results.get(i)));
        }
    }

    /** Starts callers, each with inputs of its own. */
    private static List<Future<?>> start(ExecutorService callers, EmbeddingModel model, int calls, Queue<Answer> answers) {
        List<Future<?>> started = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            int seed = i;
            started.add(callers.submit(() -> embedRandomly(model, seed, calls, answers)));
        }
        return started;
    }

    /** Requires what a model without caches returns for each input by itself. */
    private static Tokens requireSameAsAlone(Path model, Collection<Answer> answers) {
        Map<Input, EmbeddingResult> known = new HashMap<>();
        long all = 0;
        long shared = 0;
        try (EmbeddingModel alone = EmbeddingModel.open(model, TWO_THREADS.withPrefixCacheBytes(0).withImageCacheBytes(0))) {
            for (Answer answer : answers) {
                EmbeddingResult expected = known.computeIfAbsent(answer.input(),
                        input -> alone.tryEmbedAll(List.of(input), ProgressListener.NONE).getFirst());
                EmbeddingResult found = answer.result();
                assertThat(found.embedding()).as(answer.input().toString()).isEqualTo(expected.embedding());
                if (found.failed()) {
                    assertThat(found.error()).hasMessage(expected.error().getMessage());
                } else {
                    assertThat(found.embedding().sharedTokens()).isBetween(0, found.embedding().tokens());
                    all += found.embedding().tokens();
                    shared += found.embedding().sharedTokens();
                }
            }
        }
        return new Tokens(all, shared);
    }

    @Test
    void manyCallersGetTheSameBits() throws Exception {
        assertCallersGetTheSameBits(4_000, 1);
    }

    @Tag("thorough")
    @ParameterizedTest
    @ValueSource(longs = {4_000, Long.MAX_VALUE})
    void manyCallsOfManyCallersGetTheSameBits(long cacheBytes) throws Exception {
        assertCallersGetTheSameBits(cacheBytes, 8);
    }

    private static void assertCallersGetTheSameBits(long cacheBytes, int calls) throws Exception {
        Queue<Answer> answers = new ConcurrentLinkedQueue<>();
        ModelStatistics statistics;
        try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
                EmbeddingModel model = EmbeddingModel.open(MODEL,
                        TWO_THREADS.withPrefixCacheBytes(cacheBytes).withImageCacheBytes(cacheBytes / 2))) {
            for (Future<?> caller : start(callers, model, calls, answers)) caller.get();
            statistics = model.statistics();
        }

        Tokens tokens = requireSameAsAlone(MODEL, answers);
        assertThat(tokens.shared()).isPositive();
        assertThat(statistics.tokensShared()).isEqualTo(tokens.shared());
        assertThat(statistics.tokensCached()).isBetween(0L, tokens.shared());
        assertThat(statistics.tokensComputed() + statistics.tokensShared()).isEqualTo(tokens.all());
        assertThat(statistics.bytesReserved()).isBetween(0L, statistics.bytesLimit());
    }

    @Test
    void inputsOfAQuantizedFolderShareBeginnings() throws IOException {
        assertQuantizedFolderSharesBeginnings(QuantizationScheme.INT4, 2);
    }

    @Tag("thorough")
    @ParameterizedTest
    @EnumSource
    void manyInputsOfAQuantizedFolderShareBeginnings(QuantizationScheme scheme) throws IOException {
        assertQuantizedFolderSharesBeginnings(scheme, 12);
    }

    private void assertQuantizedFolderSharesBeginnings(QuantizationScheme scheme, int calls) throws IOException {
        Path quantized = folder.resolve("quantized");
        Quantizer.quantize(MODEL, quantized, QuantizeOptions.of(scheme), (done, all) -> {});
        Queue<Answer> answers = new ConcurrentLinkedQueue<>();
        try (EmbeddingModel model = EmbeddingModel.open(quantized, Options.defaults().withThreads(3))) {
            embedRandomly(model, 1, calls, answers);
        }

        assertThat(requireSameAsAlone(quantized, answers).shared()).isPositive();
    }

    @Test
    void answersBeforeTheModelClosesAreRight() throws Exception {
        assertAnswersBeforeTheModelClosesAreRight(3);
    }

    @Tag("thorough")
    @ParameterizedTest
    @ValueSource(longs = {0, 20, 40})
    void manyAnswersBeforeTheModelClosesAreRight(long passes) throws Exception {
        assertAnswersBeforeTheModelClosesAreRight(passes);
    }

    private static void assertAnswersBeforeTheModelClosesAreRight(long passes) throws Exception {
        Queue<Answer> answers = new ConcurrentLinkedQueue<>();
        try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            List<Future<?>> calls;
            EmbeddingModel model = EmbeddingModel.open(MODEL, TWO_THREADS);
            try (model) {
                calls = start(callers, model, Integer.MAX_VALUE, answers);
                while (model.statistics().passes() < passes && calls.stream().noneMatch(Future::isDone)) Thread.sleep(1);
            }

            for (Future<?> call : calls) assertThatThrownBy(call::get).hasCauseInstanceOf(ModelClosedException.class);
            assertThat(model.statistics().bytesReserved()).isZero();
        }
        requireSameAsAlone(MODEL, answers);
    }

    @Test
    void aClosedModelKeepsNoStates() {
        EmbeddingModel model = EmbeddingModel.open(MODEL, TWO_THREADS);
        try (model) {
            fillCaches(model);
        }

        assertThat(model.statistics().bytesReserved()).isZero();
    }

    @Test
    void aModelWhoseThreadsCannotBeEndedKeepsNoStates() {
        ModelRuntime.Environment environment = ModelRuntime.Environment.standard().withKernels(SharedBeginningsTest::failingToClose);
        try (EmbeddingModel model = EmbeddingModel.open(MODEL, TWO_THREADS, ProgressListener.NONE, environment)) {
            fillCaches(model);
            assertThatThrownBy(model::close).hasMessage("simulated");

            assertThat(model.statistics().bytesReserved()).isZero();
        }
    }

    /** Leaves states of an image and of a beginning in the caches. */
    private static void fillCaches(EmbeddingModel model) {
        Input text = Input.text("a cat and a dog");
        model.embed(text);
        model.embed(text);   // its beginning came again: it is kept
        assertThat(model.embed(text).sharedTokens()).isPositive();
        long beginnings = model.statistics().bytesReserved();
        assertThat(beginnings).isPositive();
        model.embed(Input.image(Golden.IMAGES.resolve("noise_1x1.png")));
        assertThat(model.statistics().bytesReserved()).isGreaterThan(beginnings);
    }

    private static Kernels failingToClose(Kernels kernels) {
        return (Kernels) Proxy.newProxyInstance(Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, (_, method, arguments) -> {
            Object result = method.invoke(kernels, arguments);
            if (method.getName().equals("close")) throw new IllegalStateException("simulated");
            return result;
        });
    }

    /** Every token of an encoder sees those after it: equal beginnings have no equal states. Equal texts of a call have. */
    @ParameterizedTest
    @ValueSource(strings = {"bert-cls", "bert-mean", "xlm-roberta-mean"})
    void inputsOfAnEncoderShareOnlyWholeTexts(String name) {
        Path encoder = Golden.ENCODERS.resolve("models").resolve(name);
        List<Input> inputs = List.of(Input.text("a cat"), Input.text("a cat and a dog"), Input.text("a cat"), Input.text("a cat and"));
        try (EmbeddingModel model = EmbeddingModel.open(encoder, Options.defaults().withPrefixCacheBytes(Long.MAX_VALUE));
                EmbeddingModel alone = EmbeddingModel.open(encoder, Options.defaults().withPrefixCacheBytes(0))) {
            for (int round = 0; round < 3; round++) {
                List<Embedding> found = model.embedAll(inputs);
                for (int i = 0; i < inputs.size(); i++) assertThat(found.get(i)).isEqualTo(alone.embed(inputs.get(i)));
                assertThat(found).extracting(Embedding::sharedTokens).containsExactly(0, 0, found.get(2).tokens(), 0);
            }
            assertThat(model.statistics().tokensShared()).isEqualTo(3 * model.embed(inputs.getFirst()).tokens());
        }
    }
}
