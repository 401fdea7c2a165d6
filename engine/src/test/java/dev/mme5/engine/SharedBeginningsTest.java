package dev.mme5.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.engine.quantize.QuantizeOptions;
import dev.mme5.engine.quantize.Quantizer;
import dev.mme5.engine.testing.Golden;
import dev.mme5.weights.QuantizationScheme;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Equal beginnings as callers meet them: texts and images, cut, with two begin-of-text tokens, by many threads, with any cache. */
@Timeout(300)
class SharedBeginningsTest {
    private static final Path MODEL = Golden.read("a-bf16-hub").folder();
    private static final List<String> WORDS = List.of("a cat", " and a dog", " 12", "\n", " é", "<|begin_of_text|>", " x");
    private static final List<String> INSTRUCTIONS =
            List.of("", "Find me an everyday image that matches the given caption: ", "<|begin_of_text|>Query: ");
    private static final List<String> IMAGES = List.of("shapes_2x2.png", "noise_1x1.png", "noise_2x1.png");

    private static final int CALLERS = 4;

    @TempDir
    Path folder;

    /** Texts and images whose beginnings are equal for a while. */
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

    /** What inputs are without any cache, one by one. */
    private static final class Alone implements AutoCloseable {
        private final EmbeddingModel model;
        private final Map<Input, EmbeddingResult> known = new HashMap<>();

        private Alone(Path folder) {
            model = EmbeddingModel.open(folder, Options.defaults().withThreads(1).withPrefixCacheBytes(0).withImageCacheBytes(0));
        }

        private synchronized void requireEqual(Input input, EmbeddingResult found) {
            EmbeddingResult expected =
                    known.computeIfAbsent(input, any -> model.tryEmbedAll(List.of(input), ProgressListener.NONE).getFirst());
            assertThat(found.embedding()).as(input.toString()).isEqualTo(expected.embedding());
            if (found.failed()) assertThat(found.error()).hasMessage(expected.error().getMessage());
        }

        @Override
        public void close() {
            model.close();
        }
    }

    /** Tokens of a caller's inputs, by what they say themselves. */
    private record Tokens(long all, long shared) {
        private Tokens plus(EmbeddingResult result) {
            if (result.failed()) return this;
            assertThat(result.embedding().sharedTokens()).isBetween(0, result.embedding().tokens());
            return new Tokens(all + result.embedding().tokens(), shared + result.embedding().sharedTokens());
        }

        private Tokens plus(Tokens other) {
            return new Tokens(all + other.all, shared + other.shared);
        }
    }

    private static Tokens embedRandomly(EmbeddingModel model, Alone alone, int seed, int rounds) {
        Random random = new Random(seed);
        Tokens tokens = new Tokens(0, 0);
        for (int round = 0; round < rounds; round++) {
            List<Input> inputs = new ArrayList<>();
            for (int i = random.nextInt(8); i >= 0; i--) inputs.add(input(random));
            List<EmbeddingResult> results = model.tryEmbedAll(inputs, ProgressListener.NONE);
            for (int i = 0; i < inputs.size(); i++) {
                alone.requireEqual(inputs.get(i), results.get(i));
                tokens = tokens.plus(results.get(i));
            }
        }
        return tokens;
    }

    @ParameterizedTest
    @ValueSource(longs = {4_000, Long.MAX_VALUE})
    void noCacheAndNoCallerChangesABit(long cacheBytes) throws Exception {
        Options options = Options.defaults().withThreads(2).withPrefixCacheBytes(cacheBytes).withImageCacheBytes(cacheBytes / 2);
        try (Alone alone = new Alone(MODEL);
                EmbeddingModel model = EmbeddingModel.open(MODEL, options);
                ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            List<Future<Tokens>> calls = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                int seed = i;
                calls.add(callers.submit(() -> embedRandomly(model, alone, seed, 8)));
            }
            Tokens tokens = new Tokens(0, 0);
            for (Future<Tokens> call : calls) tokens = tokens.plus(call.get());

            ModelStatistics statistics = model.statistics();
            assertThat(tokens.shared()).isPositive();
            assertThat(statistics.tokensShared()).isEqualTo(tokens.shared());
            assertThat(statistics.tokensComputed() + statistics.tokensShared()).isEqualTo(tokens.all());
            assertThat(statistics.bytesReserved()).isBetween(0L, statistics.bytesLimit());
        }
    }

    @ParameterizedTest
    @EnumSource
    void quantisedFoldersShareAsOthers(QuantizationScheme scheme) throws IOException {
        Path quantized = folder.resolve("quantized");
        Quantizer.quantize(MODEL, quantized, QuantizeOptions.of(scheme), (done, all) -> {});
        try (Alone alone = new Alone(quantized); EmbeddingModel model = EmbeddingModel.open(quantized, Options.defaults().withThreads(3))) {
            assertThat(embedRandomly(model, alone, 1, 12).shared()).isPositive();
        }
    }

    @Test
    void whatCallersGetWhileTheModelClosesIsRight() throws Exception {
        try (Alone alone = new Alone(MODEL); ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            for (int round = 0; round < 3; round++) {
                EmbeddingModel model = EmbeddingModel.open(MODEL, Options.defaults().withThreads(2));
                List<Future<Tokens>> calls = new ArrayList<>();
                for (int i = 0; i < CALLERS; i++) {
                    int seed = i;
                    calls.add(callers.submit(() -> embedRandomly(model, alone, seed, Integer.MAX_VALUE)));
                }
                while (model.statistics().passes() < 20 * round) Thread.onSpinWait();
                model.close();

                for (Future<Tokens> call : calls) assertThatThrownBy(call::get).hasCauseInstanceOf(ModelClosedException.class);
                assertThat(model.statistics().bytesReserved()).isZero();
            }
        }
    }

    /** Every token of an encoder sees those after it: equal beginnings have no equal states. */
    @ParameterizedTest
    @ValueSource(strings = {"bert-cls", "bert-mean", "xlm-roberta-mean"})
    void encodersShareNothing(String name) {
        Path encoder = Golden.ENCODERS.resolve("models").resolve(name);
        List<Input> inputs = List.of(Input.text("a cat"), Input.text("a cat and a dog"), Input.text("a cat"), Input.text("a cat and"));
        try (EmbeddingModel model = EmbeddingModel.open(encoder, Options.defaults().withPrefixCacheBytes(Long.MAX_VALUE));
                EmbeddingModel alone = EmbeddingModel.open(encoder, Options.defaults().withPrefixCacheBytes(0))) {
            for (int round = 0; round < 3; round++) {
                List<Embedding> found = model.embedAll(inputs);
                for (int i = 0; i < inputs.size(); i++) assertThat(found.get(i)).isEqualTo(alone.embed(inputs.get(i)));
                assertThat(found).allMatch(embedding -> embedding.sharedTokens() == 0);
            }
            assertThat(model.statistics().tokensShared()).isZero();
        }
    }
}
