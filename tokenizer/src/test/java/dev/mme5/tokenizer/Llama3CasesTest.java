package dev.mme5.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mme5.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Tests with the real vocabulary, which is not in the repository. It is read from the folder that MME5_LLAMA3_TOKENIZER names, or from
 * {@code .cache/llama3} in the repository.
 */
class Llama3CasesTest {
    private static final String FURTHER_CASES = System.getProperty("mme5.tokenizerCases", "");

    private static Tokenizer tokenizer;

    @BeforeAll
    static void readTheRealVocabulary() {
        Stream.of(System.getenv("MME5_LLAMA3_TOKENIZER"), "../.cache/llama3", ".cache/llama3")
                .filter(folder -> folder != null).map(folder -> Path.of(folder, "tokenizer.json"))
                .filter(Files::exists).findFirst().ifPresent(file -> tokenizer = Tokenizer.read(file));
    }

    /** Runs before each test, so that each one is reported as skipped, with the reason. */
    @BeforeEach
    void skipWithoutTheRealVocabulary() {
        assumeTrue(tokenizer != null, "the real Llama 3 vocabulary is not here: run tokenizer/src/test/fetch-llama3-tokenizer.sh");
    }

    /** The cases of the repository, and those of a file by docs/reference/make_tokenizer_cases.py if a system property names one. */
    @Test
    void sixHundredTextsHaveTheIdsOfTheTokenizersLibrary() throws IOException {
        List<JsonObject> cases = GoldenIds.cases("/llama3-tokenizer-cases.json");
        assertThat(cases).hasSize(600);
        if (!FURTHER_CASES.isEmpty()) cases.addAll(GoldenIds.cases(Path.of(FURTHER_CASES)));

        for (JsonObject golden : cases) {
            String text = golden.text("text");
            int[] ids = golden.array("ids").integers();

            assertThat(tokenizer.encodeRaw(text)).as(text).containsExactly(ids);
            assertThat(tokenizer.decode(ids)).isEqualTo(text);
        }
    }

    @Test
    void hasTheIdsThatTheModelNeeds() {
        assertThat(tokenizer.size()).isEqualTo(128_257);
        assertThat(tokenizer.id("<|begin_of_text|>")).hasValue(128_000);
        assertThat(tokenizer.id("<|image|>")).hasValue(128_256);
        assertThat(tokenizer.encode("<|image|><|begin_of_text|>hello")).startsWith(128_000, 128_256, 128_000);
    }

    @Test
    void aMillionEqualLettersTakeSeconds() {
        String text = "a".repeat(1_000_000);

        long before = System.nanoTime();
        int ids = tokenizer.encodeRaw(text).length;

        assertThat(ids).isEqualTo(125_000);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(20));   // measured: 0.2 s
    }
}
