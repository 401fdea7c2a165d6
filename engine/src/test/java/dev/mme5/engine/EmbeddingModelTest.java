package dev.mme5.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mme5.engine.testing.ClassPathJvm;
import dev.mme5.engine.testing.Golden;
import dev.mme5.engine.testing.SmallHeap;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What callers of the library see. */
class EmbeddingModelTest {
    private static final Path ONE_BOS = Golden.read("a-bf16-hub").folder();
    private static final Path TWO_BOS = Golden.read("b-f32-v5").folder();
    private static final Path IMAGE = Golden.IMAGES.resolve("shapes_2x2.png");
    private static final Path OTHER_IMAGE = Golden.IMAGES.resolve("noise_1x1.png");

    private static EmbeddingModel model;

    @BeforeAll
    static void open() {
        model = EmbeddingModel.open(ONE_BOS);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void resultsComeInTheOrderOfTheInputs() {
        List<Input> inputs = List.of(
                Input.image(IMAGE), Input.text("a cat"), Input.image(OTHER_IMAGE), Input.text("a dog"), Input.image(IMAGE));

        List<Embedding> embeddings = model.embedAll(inputs, ProgressListener.NONE);

        for (int i = 0; i < inputs.size(); i++) assertThat(embeddings.get(i)).isEqualTo(model.embed(inputs.get(i)));
        assertThat(embeddings.get(0)).isEqualTo(embeddings.get(4)).isNotEqualTo(embeddings.get(2));
    }

    @Test
    void progressGrowsByOneUntilAllAreDone() {
        List<Integer> told = new ArrayList<>();
        List<Input> inputs = List.of(Input.text("a"), Input.image(IMAGE), Input.prompt("<|image|>"), Input.text("b"));

        model.tryEmbedAll(inputs, (done, total) -> {
            told.add(done);
            assertThat(total).isEqualTo(4);
        });

        assertThat(told).containsExactly(1, 2, 3, 4);
    }

    @Test
    void noInputsGiveNoEmbeddings() {
        assertThat(model.embedAll(List.of(), (done, total) -> assertThat(done).isNull())).isEmpty();
    }

    @Test
    void anInputThatFailsHasItsErrorInItsPlaceAndTheOthersGoOn() {
        List<Input> inputs = List.of(
                Input.text("a"), Input.image(Path.of("no_such.png")), Input.image(IMAGE), Input.prompt("<|image|> and no image"),
                Input.text("b"));

        List<EmbeddingResult> results = model.tryEmbedAll(inputs, ProgressListener.NONE);

        assertThat(results).extracting(EmbeddingResult::failed).containsExactly(false, true, false, true, false);
        assertThat(results.get(1).error()).hasMessage("no_such.png: does not exist");
        assertThat(results.get(2).embedding()).isEqualTo(model.embed(inputs.get(2)));
        assertThat(results.get(3).error()).hasMessage("the prompt has 1 <|image|> for 0 images");
    }

    @Test
    void embedAllThrowsTheFirstError() {
        List<Input> inputs = List.of(Input.text("a"), Input.image(Path.of("first.png")), Input.image(Path.of("second.png")));

        assertThatThrownBy(() -> model.embedAll(inputs, ProgressListener.NONE)).isInstanceOf(InputException.class)
                .hasMessage("first.png: does not exist");
    }

    @Test
    void aListenerThatThrowsEndsTheCallAndLeavesTheModelUsable() {
        RuntimeException mine = new RuntimeException("mine");

        assertThatThrownBy(() -> model.embedAll(List.of(Input.text("a")), (done, total) -> { throw mine; })).isSameAs(mine);

        assertThat(model.embed(Input.text("a")).tokens()).isEqualTo(2);
    }

    @Test
    void anImageIsTheSameFromFileBytesAndMemory() throws Exception {
        BufferedImage decoded = ImageIO.read(IMAGE.toFile());

        Embedding file = model.embed(Input.image(IMAGE));

        assertThat(model.embed(Input.image(Files.readAllBytes(IMAGE)))).isEqualTo(file);
        assertThat(model.embed(Input.image(decoded))).isEqualTo(file);
        assertThat(model.embed(Input.prompt("<|image|><|begin_of_text|>Represent the given image.\n", ImageSource.of(IMAGE))))
                .isEqualTo(file);
    }

    @Test
    void aDamagedImageIsAnErrorOfItsInput() throws Exception {
        byte[] half = Arrays.copyOf(Files.readAllBytes(IMAGE), 200);

        assertThatThrownBy(() -> model.embed(Input.image(new ImageSource.Bytes(half, "half.png"))))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("half.png: ");
    }

    @Test
    void anImageOfMorePixelsThanAllowedIsRefused() {
        try (EmbeddingModel small = EmbeddingModel.open(ONE_BOS, Options.defaults().withMaxPixels(54 * 50 - 1))) {
            assertThat(small.embed(Input.image(OTHER_IMAGE)).truncated()).isFalse();
            assertThatThrownBy(() -> small.embed(Input.image(IMAGE))).isInstanceOf(InputException.class).hasMessageContaining("54");
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1, true", "15, 15, true", "16, 16, false", "17, 16, false", "0, 16, false"})
    void whatIsBeyondTheLimitIsCutOff(int limit, int tokens, boolean truncated) {
        Input input = Input.text("123".repeat(5));

        Embedding limited = model.embed(input.withMaxTokens(limit));

        assertThat(limited.tokens()).isEqualTo(tokens);
        assertThat(limited.truncated()).isEqualTo(truncated);
        if (limit == 0) return;
        try (EmbeddingModel strict = EmbeddingModel.open(ONE_BOS, Options.defaults().withMaxTokens(limit))) {
            assertThat(strict.maxTokens()).isEqualTo(limit);
            assertThat(strict.embed(input)).isEqualTo(limited);
            assertThat(strict.embed(input.withMaxTokens(1000))).isEqualTo(limited);
        }
    }

    @Test
    void whatIsBeyondTheLimitIsRefusedIfAskedFor() {
        try (EmbeddingModel strict = EmbeddingModel.open(ONE_BOS, Options.defaults().withMaxTokens(15).withRefuseTooLong(true))) {
            assertThat(strict.embed(Input.text("12".repeat(7))).tokens()).isEqualTo(15);
            assertThatThrownBy(() -> strict.embed(Input.text("123".repeat(5))))
                    .isInstanceOf(InputException.class)
                    .hasMessage("the text has more tokens than the limit of 15");
        }
    }

    @Test
    void theModelsOwnLimitIsTheLargest() {
        assertThat(model.maxTokens()).isEqualTo(131_072);
        try (EmbeddingModel generous = EmbeddingModel.open(ONE_BOS, Options.defaults().withMaxTokens(Integer.MAX_VALUE))) {
            assertThat(generous.maxTokens()).isEqualTo(131_072);
        }
    }

    @Test
    void theSecondBeginOfTextIsTheFilesAndCanBeLeftOut() {
        try (EmbeddingModel asTheFileSays = EmbeddingModel.open(TWO_BOS);
                EmbeddingModel single = EmbeddingModel.open(TWO_BOS, Options.defaults().withDropDuplicateBos(true))) {
            assertThat(ids(asTheFileSays, Input.text("a"))).startsWith(640, 640);
            assertThat(ids(single, Input.text("a"))).startsWith(640).hasSize(2);
            assertThat(ids(asTheFileSays, Input.image(IMAGE))).startsWith(640, 652, 640);
            assertThat(ids(single, Input.image(IMAGE))).startsWith(652, 640);
            assertThat(ids(single, Input.text("a cat and a dog").withMaxTokens(3))).hasSize(3);
        }
    }

    private static int[] ids(EmbeddingModel model, Input input) {
        List<float[]> ids = new ArrayList<>();
        ModelTools.of(model).trace(input, (name, shape, values) -> {
            if (name.equals("input_ids")) ids.add(values);
        });
        int[] ints = new int[ids.getFirst().length];
        for (int i = 0; i < ints.length; i++) ints[i] = (int) ids.getFirst()[i];
        return ints;
    }

    @Test
    void aTextThatNeedsMoreMemoryThanThereIsIsRefusedBeforeWorkBegins() throws Exception {
        // With one processor Java takes the serial collector, which counts less of the heap as usable.
        List<String> options = List.of("--add-modules", "jdk.incubator.vector", "-Xmx64m", "-XX:+UseG1GC");

        String[] lines = ClassPathJvm.run(SmallHeap.class, options).out().split("\n");

        assertThat(lines[0]).isEqualTo("2");
        assertThat(lines[1]).matches("131072 tokens and 0 images need 1\\d\\d MB of heap, the JVM has 64 MB \\(raise it with -Xmx\\)");
    }

    @Test
    void embeddingsAreUnitVectorsThatKnowTheirCosine() {
        Embedding cat = model.embed(Input.text("A cat and a dog"));
        Embedding tiger = model.embed(Input.text("A cat and a tiger"));

        double squares = 0;
        double dot = 0;
        for (int i = 0; i < cat.dimensions(); i++) {
            squares += (double) cat.values()[i] * cat.values()[i];
            dot += (double) cat.values()[i] * tiger.values()[i];
        }
        assertThat(squares).isCloseTo(1, within(1e-6));
        assertThat(cat.cosine(tiger)).isCloseTo((float) dot, within(1e-6f));
        assertThat(cat.cosine(cat)).isEqualTo(1);
        assertThat(model.dimensions()).isEqualTo(64);
        assertThat(model.givesUnitVectors()).isTrue();
    }

    @Test
    void anEmbeddingCannotBeChanged() {
        Embedding cat = model.embed(Input.text("A cat"));

        cat.values()[0] = 7;

        assertThat(cat).isEqualTo(model.embed(Input.text("A cat")));
    }

    @Test
    void cosinesNeedEqualDimensions() {
        try (EmbeddingModel other = EmbeddingModel.open(TWO_BOS)) {
            Embedding wide = model.embed(Input.text("a"));
            Embedding narrow = other.embed(Input.text("a"));

            assertThatThrownBy(() -> wide.cosine(narrow)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("dimensions differ: 64 and 60");
        }
    }
}
