package dev.mme5.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.mme5.engine.InputException.Reason;
import dev.mme5.engine.failure.Refusal;
import dev.mme5.engine.family.RefusedInputException;
import dev.mme5.engine.quantize.QuantizeOptions;
import dev.mme5.engine.quantize.Quantizer;
import dev.mme5.engine.testing.Golden;
import dev.mme5.engine.testing.ModelCopy;
import dev.mme5.json.JsonReader;
import dev.mme5.json.Mme5Exception;
import dev.mme5.weights.QuantizationScheme;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server can act on every error: one root, a reason for each input, and no exception that it cannot name. */
class ErrorsTest {
    private static final Path PNG = Golden.IMAGES.resolve("shapes_2x2.png");
    private static final Path JPEG = Golden.IMAGES.resolve("photo_444_120x90.jpg");

    private static EmbeddingModel model;

    @TempDir
    private Path folder;

    @BeforeAll
    static void open() {
        model = EmbeddingModel.open(Golden.read("a-bf16-hub").folder(),
                Options.defaults().withThreads(2).withMaxTokens(100).withRefuseTooLong(true).withMaxPixels(20_000));
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void everyRefusedInputHasItsReason() throws IOException {
        byte[] png = Files.readAllBytes(PNG);
        byte[] damaged = png.clone();
        damaged[60] ^= 0x55;
        Map<Input, Reason> expected = new LinkedHashMap<>();
        expected.put(Input.image(folder.resolve("no_such.png")), Reason.NOT_FOUND);
        expected.put(Input.image(folder), Reason.UNREADABLE);
        expected.put(Input.image("a text".getBytes(StandardCharsets.UTF_8)), Reason.UNSUPPORTED_FORMAT);
        expected.put(bytes("heic", "....ftypheic...."), Reason.UNSUPPORTED_FORMAT);
        expected.put(named("lossless.jpg", withByte(Files.readAllBytes(JPEG), 0xc0, 0xc3)), Reason.UNSUPPORTED_FORMAT);
        expected.put(Input.image(new byte[0]), Reason.DAMAGED);
        expected.put(bytes("pointer.png", JsonReader.LFS_START + "\noid sha256:00"), Reason.DAMAGED);
        expected.put(named("half.png", Arrays.copyOf(png, png.length / 2)), Reason.DAMAGED);
        expected.put(named("damaged.png", damaged), Reason.DAMAGED);
        expected.put(named("half.jpg", Arrays.copyOf(Files.readAllBytes(JPEG), 900)), Reason.DAMAGED);
        expected.put(Input.image(Golden.IMAGES.resolve("grad_2400x1801.png")), Reason.TOO_LARGE);
        expected.put(Input.text("a cat ".repeat(100)), Reason.TOO_LONG);
        expected.put(Input.prompt("<|image|> and no image"), Reason.BAD_PROMPT);
        expected.put(Input.prompt("no placeholder", ImageSource.of(PNG)), Reason.BAD_PROMPT);
        expected.put(Input.prompt("see <|image|>", ImageSource.of(PNG)).withoutSpecialTokens(), Reason.SPECIAL_TOKEN);

        List<EmbeddingResult> results = model.tryEmbedAll(List.copyOf(expected.keySet()), ProgressListener.NONE);

        List<Reason> reasons = List.copyOf(expected.values());
        for (int i = 0; i < results.size(); i++) {
            InputException error = results.get(i).error();
            assertThat(error.reason()).as(error.getMessage()).isEqualTo(reasons.get(i));
            assertThat(error.index()).isEqualTo(i);
            assertCallersKnow(error);
        }
    }

    @Test
    void anEncoderTakesNoImages() {
        try (EmbeddingModel encoder = EmbeddingModel.open(Golden.encoder("bert-mean").folder())) {
            assertThatThrownBy(() -> encoder.embed(Input.image(PNG))).isInstanceOfSatisfying(
                    InputException.class, error -> assertThat(error.reason()).isEqualTo(Reason.NOT_ACCEPTED));
            encoder.warmUp();
        }
    }

    @Test
    void anInputThatNeedsMoreMemoryThanThereIsIsTooLarge() {
        InputException error = InputException.of(new RefusedInputException(Refusal.TOO_LARGE, "big"), 3);

        assertThat(error.reason()).isEqualTo(Reason.TOO_LARGE);
        assertThat(error.index()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource(Refusal.class)
    void everyRefusalHasAPublicReason(Refusal refusal) {
        assertThat(Reason.valueOf(refusal.name())).isNotNull();
        assertThat(Reason.values()).hasSameSizeAs(Refusal.values());
    }

    @Test
    void everythingElseIsAnErrorThatCallersKnow() throws IOException {
        Path copy = Files.createDirectory(folder.resolve("model"));
        Path good = Golden.read("a-bf16-hub").folder();
        ModelCopy.of("a-bf16-hub", copy);
        Options scalar = Options.defaults().withKernels(KernelChoice.SCALAR);

        assertCallersKnow(() -> EmbeddingModel.open(folder.resolve("nowhere")));
        assertCallersKnow(() -> EmbeddingModel.open(PNG));
        assertCallersKnow(() -> Quantizer.quantize(folder.resolve("nowhere"), folder.resolve("out"),
                QuantizeOptions.of(QuantizationScheme.INT8), (done, total) -> {}));
        assertCallersKnow(() -> ActivationMoments.open(folder.resolve("nowhere"), scalar));
        for (String file : List.of("config.json", "tokenizer.json", "preprocessor_config.json", "model.safetensors")) {
            byte[] content = Files.readAllBytes(good.resolve(file));
            for (byte[] bad : List.of(new byte[0], Arrays.copyOf(content, content.length / 2), new byte[] {'{', '}'}, new byte[4000])) {
                Files.write(copy.resolve(file), bad);
                assertCallersKnow(() -> EmbeddingModel.open(copy, scalar));
            }
            Files.delete(copy.resolve(file));
            assertCallersKnow(() -> EmbeddingModel.open(copy, scalar));
            Files.createDirectory(copy.resolve(file));
            assertCallersKnow(() -> EmbeddingModel.open(copy, scalar));
            Files.delete(copy.resolve(file));
            Files.write(copy.resolve(file), content);
        }
        EmbeddingModel.open(copy, scalar).close();

        Files.writeString(copy.resolve("adapter_config.json"), "{}");
        assertCallersKnow(() -> EmbeddingModel.open(copy, scalar));
        Files.delete(copy.resolve("adapter_config.json"));
        Files.writeString(copy.resolve("SHA256SUMS"), "0".repeat(64) + "  model.safetensors\n");
        assertCallersKnow(() -> EmbeddingModel.open(copy, scalar.withVerify(true)));
    }

    @Test
    void endsOfACallAreErrorsThatCallersKnow() {
        EmbeddingModel closed = EmbeddingModel.open(Golden.read("a-bf16-hub").folder());
        closed.close();
        assertCallersKnow(() -> closed.embed(Input.text("a")));
        assertCallersKnow(() -> closed.countTokens(Input.text("a")));
        assertCallersKnow(closed::warmUp);
        assertCallersKnow(() -> ModelTools.of(closed).dotProducts(new float[64], MemorySegment.ofArray(new byte[256]),
                new float[1]));
        Thread.currentThread().interrupt();
        Throwable cancelled = catchThrowable(() -> model.embed(Input.text("a")));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(cancelled).isInstanceOf(CancelledException.class);
        assertCallersKnow(cancelled);
    }

    private static void assertCallersKnow(ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        assertThat(thrown).isInstanceOf(Mme5Exception.class);
        assertCallersKnow(thrown);
    }

    /** Each exception of the chain is public in an exported package, or not of mme5; the messages are lines that name no option. */
    private static void assertCallersKnow(Throwable thrown) {
        assertThat(thrown.getMessage()).doesNotContain("\n").doesNotContainPattern("(^|\\s)--(?!add-modules)[a-z]");
        for (Throwable link = thrown; link != null; link = link.getCause()) {
            if (link.getClass().getName().startsWith("dev.mme5.")) assertThat(link).isInstanceOf(Mme5Exception.class);
            assertThat(link.getSuppressed()).allSatisfy(ErrorsTest::assertCallersKnow);
        }
    }

    private static Input bytes(String name, String content) {
        return named(name, content.replace("....", "\0\0\0\0").getBytes(StandardCharsets.ISO_8859_1));
    }

    private static Input named(String name, byte[] content) {
        return Input.image(new ImageSource.Bytes(content, name));
    }

    /** Replaces the marker of the frame of a JPEG. */
    private static byte[] withByte(byte[] jpeg, int marker, int by) {
        for (int i = 0; i + 1 < jpeg.length; i++) {
            if (jpeg[i] == (byte) 0xff && jpeg[i + 1] == (byte) marker) {
                jpeg[i + 1] = (byte) by;
                return jpeg;
            }
        }
        throw new AssertionError("no marker " + marker);
    }
}
