package dev.mme5.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.json.JsonObject;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two tokenizers of the golden models: one with merges as pairs and no BOS, one with merges as strings and a BOS. */
class FixtureTokenizersTest {
    @ParameterizedTest
    @ValueSource(strings = {"/fixtures/no-bos", "/fixtures/bos"})
    void promptsHaveTheIdsOfTheGoldens(String fixture) throws IOException, URISyntaxException {
        Tokenizer tokenizer = Tokenizer.open(Path.of(getClass().getResource(fixture).toURI()));

        for (JsonObject golden : GoldenIds.cases(fixture + "/prompts.json")) {
            Encoding encoding = tokenizer.encode(golden.text("prompt"), golden.integer("max_length", Integer.MAX_VALUE));

            assertThat(encoding.ids()).as(golden.text("id")).containsExactly(golden.array("input_ids").integers());
        }
    }
}
