package dev.mme5.engine.family.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.testing.Golden;
import dev.mme5.engine.testing.ModelCopy;
import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import dev.mme5.json.JsonWriter;
import dev.mme5.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files beside tokenizer.json may be missing, and name special tokens, as in transformers; golden-encoder/make_special_tokens_goldens.py
 * writes what it gives.
 */
class SpecialTokensTest {
    private static final Path CASES = Path.of("src/test/resources/golden-encoder/goldens/special-tokens.json");

    @TempDir
    Path folder;

    static Stream<JsonObject> cases() throws IOException {
        JsonArray cases = (JsonArray) JsonReader.parse(Files.readAllBytes(CASES), CASES.toString());
        return IntStream.range(0, cases.size()).mapToObj(cases::object);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void givesTheIdsOfTransformers(JsonObject expected) {
        ModelCopy copy = ModelCopy.of(Golden.encoder(expected.text("model")), folder);
        JsonObject files = expected.object("files");
        for (String name : files.keys()) {
            if (!files.has(name)) copy.without(name);
            else if (name.equals("tokenizer.json")) change(copy, name, files.object(name));
            else copy.write(name, new JsonWriter().value(files.get(name)).toString());
        }

        Tokenizer tokenizer = Tokenizer.open(folder, Integer.MAX_VALUE);   // transformers has no limit

        JsonArray texts = expected.array("texts");
        for (int i = 0; i < texts.size(); i++) {
            JsonObject text = texts.object(i);
            assertThat(tokenizer.encode(text.text("text"))).as("%s: %s", new JsonWriter().value(files), text.text("text"))
                    .containsExactly(text.array("ids").integers());
        }
    }

    private static void change(ModelCopy copy, String file, JsonObject members) {
        for (String key : members.keys()) copy.set(file, key, new JsonWriter().value(members.get(key)).toString());
    }
}
