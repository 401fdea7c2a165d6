package dev.mme5.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.KernelChoice;
import dev.mme5.engine.ModelClosedException;
import dev.mme5.engine.Options;
import dev.mme5.engine.testing.Golden;
import dev.mme5.engine.testing.ModelCopy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("sets the locale of the process")
class ModelFingerprintTest {
    private static final Path MODEL = Golden.ROOT.resolve("models/a-bf16-hub");

    @TempDir
    Path folder;

    @Test
    void dependsOnTheContentNotOnTheFolder() throws IOException {
        Path copy = copy();

        assertThat(fingerprint(copy)).isEqualTo(fingerprint(MODEL)).as("as indexes have it")
                .isEqualTo("a27b767023aff4e5e1646fe9977f7aec40500484236cff062c3cd50fe56f2af8");
    }

    @Test
    void everySmallFileCounts() throws IOException {
        for (String name : new String[] {"config.json", "preprocessor_config.json", "tokenizer.json", "tokenizer_config.json"}) {
            Path copy = copy();
            Files.writeString(copy.resolve(name), Files.readString(copy.resolve(name)) + "\n");

            assertThat(fingerprint(copy)).as(name).isNotEqualTo(fingerprint(MODEL));
        }
    }

    @Test
    void anOptionalFileCountsWhereItExistsAndIsRead() {
        ModelCopy copy = ModelCopy.of(Golden.encoder("bert-mean"), folder);
        String without = fingerprint(folder);
        assertThat(without).as("as indexes have it").isEqualTo("eca50cd1b053b757b59ee8c330104b8bc105bf8f4cf04117e0408dace2080611");
        for (String name : new String[] {"special_tokens_map.json", "added_tokens.json", "sentence_roberta_config.json"}) {
            assertThat(fingerprint(copy.write(name, "{}").folder())).as(name).isNotEqualTo(without);
            assertThat(fingerprint(copy.without(name).folder())).as(name).isEqualTo(without);
        }

        copy.write("tokenizer_config.json", "{\"added_tokens_decoder\":{}}");
        String withDecoder = fingerprint(folder);
        assertThat(fingerprint(copy.write("special_tokens_map.json", "{}").folder())).isEqualTo(withDecoder);
    }

    @Test
    void otherWeightsCount() throws IOException {
        Path copy = copy();
        Path weights = copy.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 1] ^= 1;
        Files.write(weights, bytes);

        assertThat(fingerprint(copy)).isNotEqualTo(fingerprint(MODEL));
    }

    @Test
    void optionsCountWhenTheyChangeVectors() {
        Options defaults = Options.defaults();

        assertThat(fingerprint(MODEL, defaults.withThreads(1).withKernels(KernelChoice.SCALAR).withMaxPixels(7).withRefuseTooLong(true)))
                .isEqualTo(fingerprint(MODEL));
        assertThat(fingerprint(MODEL, defaults.withMaxTokens(1_000_000))).as("beyond the model's limit").isEqualTo(fingerprint(MODEL));
        assertThat(fingerprint(MODEL, defaults.withMaxTokens(5))).isNotEqualTo(fingerprint(MODEL));
        assertThat(fingerprint(MODEL, defaults.withApplyExif(true))).isNotEqualTo(fingerprint(MODEL));
        assertThat(fingerprint(MODEL, defaults.withDropDuplicateBos(true))).isNotEqualTo(fingerprint(MODEL));
    }

    @Test
    void digitsOfTheLocaleDoNotCount() {
        String expected = fingerprint(MODEL);
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.of("ar", "EG"));
            assertThat(fingerprint(MODEL)).isEqualTo(expected);
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void theModelIsCalledAfterItsFolder() {
        EmbeddingModel model = EmbeddingModel.open(MODEL);
        model.close();

        assertThat(model.name()).isEqualTo("a-bf16-hub");
        assertThatThrownBy(model::fingerprint).isInstanceOf(ModelClosedException.class).hasMessage("the model is closed");
    }

    private static String fingerprint(Path folder) {
        return fingerprint(folder, Options.defaults());
    }

    private static String fingerprint(Path folder, Options options) {
        try (EmbeddingModel model = EmbeddingModel.open(folder, options)) {
            return model.fingerprint();
        }
    }

    private Path copy() throws IOException {
        Path copy = Files.createTempDirectory(folder, "model");
        try (Stream<Path> files = Files.list(MODEL)) {
            for (Path file : files.toList()) Files.copy(file, copy.resolve(file.getFileName()));
        }
        return copy;
    }
}
