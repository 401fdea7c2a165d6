package dev.mme5.engine.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.testing.Golden;
import dev.mme5.weights.QuantizationScheme;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("sets the locale of the process")
class QuantizerLocaleTest {
    @TempDir
    Path folder;

    @Test
    void shardsHaveTheSameNamesInEveryLocale() throws IOException {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.of("ar", "EG")); // with other digits
            Path source = Golden.read("c-f16-sharded").folder();
            Quantizer.quantize(source, folder.resolve("q"), QuantizeOptions.of(QuantizationScheme.INT8), (done, all) -> {}, 150_000);
        } finally {
            Locale.setDefault(before);
        }

        assertThat(folder.resolve("q")).isDirectoryContaining(file -> file.getFileName().toString().startsWith("model-00001-of-0000"));
    }
}
