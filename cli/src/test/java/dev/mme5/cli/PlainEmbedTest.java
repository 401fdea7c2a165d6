package dev.mme5.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines that are read without picocli give what they give with it. */
class PlainEmbedTest {
    private static final Path MODEL = Path.of("engine/src/test/resources/golden-encoder/models/xlm-roberta-mean").toAbsolutePath();

    @ParameterizedTest
    @ValueSource(strings = {
        "embed|how much protein", "embed|--prompt-name|query|how much protein|--quiet|two", "embed|--model|MODEL|@a|${b}|\"c\"|d=e|embed",
        "embed|--prompt-name|title|x", "embed|--model|no/such|x", "embed|--model|/no/such|x", "embed|pom.xml", "embed|\u0000"
    })
    void givesWhatPicocliGives(String line) {
        String[] plain = line.replace("MODEL", MODEL.toString()).split("\\|");
        String[] full = Stream.concat(Arrays.stream(plain), Stream.of("--exif")).toArray(String[]::new);
        assertThat(isPlain(plain)).isTrue();
        assertThat(isPlain(full)).isFalse();

        Cli.Ran without = new Cli().model(MODEL).start(plain);
        Cli.Ran with = new Cli().model(MODEL).start(full);

        assertThat(without.status()).isEqualTo(with.status());
        assertThat(without.out()).isEqualTo(with.out());
        assertThat(without.err()).isEqualTo(with.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "embed", "tokenize|x", "embed|x|--model", "embed|x|--model|", "embed|x|--model|--quiet", "embed|x|--model|a|--model|b",
        "embed|--help",
        "embed|x|--quiet|--quiet", "embed|--|x", "embed|-", "embed|x|--image|y.png", "embed|--model=a|x", "embed|--quiet", "--quiet|embed|x"
    })
    void everyOtherLineIsLeftToPicocli(String line) {
        assertThat(isPlain(line.split("\\|", -1))).isFalse();
    }

    @Test
    void nothingIsLeftToPicocliToo() {
        assertThat(isPlain(new String[0])).isFalse();
    }

    private static boolean isPlain(String[] line) {
        return PlainEmbed.parse(line, null) != null;
    }
}
