package dev.mme5.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.engine.InputException.Reason;
import dev.mme5.engine.quantize.QuantizeOptions;
import dev.mme5.engine.quantize.Quantizer;
import dev.mme5.engine.testing.Golden;
import dev.mme5.json.Mme5Exception;
import dev.mme5.weights.QuantizationScheme;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The small promises of the public types. */
class PublicApiTest {
    private static final Path FOLDER = Golden.read("a-bf16-hub").folder();
    private static final ImageSource IMAGE = ImageSource.of(Golden.IMAGES.resolve("shapes_2x2.png"));

    private static EmbeddingModel model;

    @BeforeAll
    static void open() {
        model = EmbeddingModel.open(FOLDER, Options.defaults().withThreads(2));
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @ParameterizedTest
    @CsvSource({"3, 4, 1, 1, 0.98994949", "3, 4, 3, 4, 1", "3, 4, -6, -8, -1", "3, 4, 0, 0, 0", "1e30, 0, 1e30, 1e30, 0.70710678"})
    void cosineDividesByTheLengths(float a, float b, float c, float d, float cosine) {
        assertThat(Embedding.of(new float[] {a, b}).cosine(Embedding.of(new float[] {c, d}))).isEqualTo(cosine);
    }

    @Test
    void anEmbeddingOfStoredNumbersKeepsThem() {
        float[] numbers = {3, 4};

        Embedding embedding = Embedding.of(numbers);
        numbers[0] = 7;

        assertThat(embedding.values()).containsExactly(3, 4);
        assertThat(embedding.tokens()).isZero();
        assertThat(embedding.truncated()).isFalse();
        assertThatThrownBy(() -> Embedding.of(new float[0])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aLiteralTextHasNoSpecialTokens() {
        assertThat(Input.literal("an <|image|>")).isEqualTo(Input.text("an <|image|>").withoutSpecialTokens());
        assertThat(model.embed(Input.literal("a cat"))).isEqualTo(model.embed(Input.text("a cat")));
        assertThat(model.embed(Input.literal("an <|image|>")).tokens()).isGreaterThan(3);
        assertThatThrownBy(() -> model.embed(Input.text("an <|image|>"))).isInstanceOf(InputException.class);
    }

    @Test
    void tokensAreCountedBeforeAnyAreCutOff() {
        Input text = Input.text("123".repeat(5));

        assertThat(model.countTokens(text)).isEqualTo(model.embed(text).tokens()).isEqualTo(16);
        assertThat(model.countTokens(text.withMaxTokens(3))).isEqualTo(16);
        assertThat(model.countTokens(Input.image(IMAGE))).isEqualTo(model.embed(Input.image(IMAGE)).tokens());
        assertThat(model.countTokens(Input.image(Path.of("no_such.png")))).isEqualTo(model.countTokens(Input.image(IMAGE)));
        assertThatThrownBy(() -> model.countTokens(Input.prompt("<|image|>"))).isInstanceOf(InputException.class);
    }

    @Test
    void aModelIsWarmedUpWhateverItsLimits() {
        Options strict = Options.defaults().withThreads(2).withMaxTokens(3).withRefuseTooLong(true).withMaxPixels(1);
        model.warmUp();
        try (EmbeddingModel small = EmbeddingModel.open(FOLDER, strict)) {
            small.warmUp();
            assertThat(small.embed(Input.text("a"))).isEqualTo(model.embed(Input.text("a")));
        }
    }

    @Test
    void anErrorNamesTheInputOfTheCall() {
        List<Input> inputs = List.of(Input.text("a"), Input.image(Path.of("no_such.png")), Input.prompt("<|image|>"));

        assertThatThrownBy(() -> model.embedAll(inputs)).isInstanceOfSatisfying(InputException.class, error -> {
            assertThat(error.index()).isEqualTo(1);
        });
        List<EmbeddingResult> results = model.tryEmbedAll(inputs, ProgressListener.NONE);
        assertThat(results.get(2).error().index()).isEqualTo(2);
        assertThat(results.get(2).error().reason()).isEqualTo(Reason.BAD_PROMPT);
        assertThat(results.get(2).error()).isInstanceOf(Mme5Exception.class);
        assertThatThrownBy(() -> model.embed(inputs.get(2))).isInstanceOfSatisfying(InputException.class,
                error -> assertThat(error.index()).isZero());
    }

    @Test
    void nullIsNoticedAtTheCall() {
        Input text = Input.text("a");
        ProgressListener none = ProgressListener.NONE;
        assertNull("text", () -> Input.text(null));
        assertNull("text", () -> Input.literal(null));
        assertNull("text", () -> Input.images(List.of(IMAGE), null));
        assertNull("images", () -> Input.images(null, "a"));
        assertNull("image", () -> Input.images(Arrays.asList(IMAGE, null), "a"));
        assertNull("image", () -> Input.image((ImageSource) null));
        assertNull("image", () -> Input.image(IMAGE, (ImageSource) null));
        assertNull("path", () -> Input.image((Path) null));
        assertNull("bytes", () -> Input.image((byte[]) null));
        assertNull("prompt", () -> Input.prompt(null));
        assertNull("input", () -> model.embed(null));
        assertNull("input", () -> model.countTokens(null));
        assertNull("inputs", () -> model.embedAll(null));
        assertNull("inputs", () -> model.embedAll(null, none));
        assertNull("inputs", () -> model.tryEmbedAll(null, none));
        assertNull("input", () -> model.embedAll(Arrays.asList(text, null)));
        assertNull("listener", () -> model.embedAll(List.of(text), null));
        assertNull("listener", () -> model.tryEmbedAll(List.of(), null));
        assertNull("folder", () -> EmbeddingModel.open(null));
        assertNull("options", () -> EmbeddingModel.open(FOLDER, null));
        assertNull("verifying", () -> EmbeddingModel.open(FOLDER, Options.defaults(), null));
        assertNull("kernels", () -> Options.defaults().withKernels(null));
        assertNull("values", () -> Embedding.of(null));
        assertNull("min", () -> Int8Ranges.of(null, new float[1]));
        assertNull("max", () -> Int8Ranges.of(new float[1], null));
        assertNull("values", () -> new Int8Ranges.Collector(1).add(null));
        assertNull("embedding", () -> QuantizedEmbedding.binary(null));
        assertNull("embedding", () -> QuantizedEmbedding.ubinary(null));
        assertNull("ranges", () -> QuantizedEmbedding.int8(Embedding.of(new float[] {1}), null));
        assertNull("other", () -> QuantizedEmbedding.binary(Embedding.of(new float[] {1})).hammingDistance(null));
        assertNull("folder", () -> ModelInspection.of((Path) null));
        assertNull("model", () -> ModelInspection.of((EmbeddingModel) null));
        assertNull("options", () -> ModelInspection.of(FOLDER, null));
        assertNull("model", () -> ModelTools.of(null));
        assertNull("input", () -> ModelTools.of(model).trace(null, (name, shape, values) -> {}));
        assertNull("stages", () -> ModelTools.of(model).trace(text, null));
        assertNull("vectors", () -> ModelTools.of(model).dotProducts(new float[64], null, new float[1]));
        assertNull("images", () -> Input.prompt("a", (ImageSource[]) null));
        assertNull("modelFolder", () -> text.fullPrompt(null));
        try (ActivationMoments moments = ActivationMoments.open(FOLDER, Options.defaults())) {
            assertNull("inputs", () -> moments.add(null));
        }
        assertNull("source", () -> Quantizer.quantize(null, FOLDER, QuantizeOptions.of(QuantizationScheme.INT8), (done, total) -> {}));
        assertNull("progress", () -> Quantizer.quantize(FOLDER, FOLDER, QuantizeOptions.of(QuantizationScheme.INT8), null));
        assertNull("reason", () -> new InputException(null, "message"));
        assertNull("waited", () -> new BusyException(null, 1));
        assertNull("other", () -> Embedding.of(new float[] {1}).cosine(null));
    }

    private static void assertNull(String name, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(NullPointerException.class).hasMessage(name);
    }
}
