package dev.mme5.engine.family.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
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
 * tokenizer_config.json and sentence_bert_config.json change normalizer and pre-tokenizer of tokenizer.json as transformers and
 * sentence-transformers do; golden-encoder/make_settings_goldens.py writes what these give.
 */
class NormalizerSettingsTest {
    private static final Path CASES = Path.of("src/test/resources/golden-encoder/goldens/settings.json");
    private static final String PRECOMPILED = "\"type\":\"Precompiled\"";

    @TempDir
    Path folder;

    static Stream<JsonObject> cases() throws IOException {
        JsonArray cases = (JsonArray) JsonReader.parse(Files.readAllBytes(CASES), CASES.toString());
        return IntStream.range(0, cases.size()).mapToObj(cases::object);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void givesTheVectorsOfSentenceTransformers(JsonObject expected) {
        ModelCopy copy = ModelCopy.of(Golden.encoder(expected.text("model")), folder);
        JsonObject normalizer = expected.object("normalizer");
        for (String key : normalizer.keys()) {
            copy.write("tokenizer.json",
                    copy.text("tokenizer.json").replaceFirst("\"" + key + "\": (true|false|null)",
                            "\"" + key + "\": " + normalizer.bool(key)));
        }
        JsonObject members = expected.object("members");
        String map = JsonReader.readObject(folder.resolve("tokenizer.json")).object("normalizer").text("precompiled_charsmap", "");
        for (String key : members.keys()) {
            copy.set("tokenizer.json", key, new JsonWriter().value(members.get(key)).toString()
                    .replace(PRECOMPILED, PRECOMPILED + ",\"precompiled_charsmap\":\"" + map + "\""));
        }
        copy.write("tokenizer_config.json", new JsonWriter().value(expected.object("tokenizer_config")).toString());
        copy.write("sentence_bert_config.json",
                "{\"max_seq_length\": 32, \"do_lower_case\": " + expected.bool("do_lower_case") + "}");

        assertThat(Tokenizer.open(folder).encode(expected.text("text"))).containsExactly(expected.array("ids").integers());
        JsonArray vector = expected.array("vector");
        try (EmbeddingModel model = EmbeddingModel.open(folder)) {
            float[] found = model.embed(Input.text(expected.text("text"))).values();
            assertThat(found).hasSize(vector.size());
            for (int i = 0; i < found.length; i++) assertThat(found[i]).isCloseTo((float) vector.number(i), within(1e-5f));
        }
    }
}
