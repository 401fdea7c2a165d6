package dev.mme5.server.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.ImageSource;
import dev.mme5.fuzz.Bounds;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import dev.mme5.json.ModelFormatException;
import dev.mme5.server.http.Problem;
import dev.mme5.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies of requests, whatever bytes they are: each is a list of inputs or a refusal on one line. */
class RequestFuzzTest {
    private static final int MAX_INPUTS = 64;
    private static final long TREE_BYTES = 4 << 20;
    private static ServedModel served;

    private static synchronized ServedModel served() {
        if (served == null) {
            Path mini = Path.of("../models/mini");
            EmbeddingModel model = EmbeddingModel.open(mini);
            Instructions instructions = new Instructions(Map.of("search_query", "Find: {}", "image", "Describe it."));
            served = new ServedModel(model, "mini", "bf16", true, "last_token",
                    new TextTokens(Tokenizer.open(mini), mini, model.maxTokens(), false),
                    inputs -> {
                        throw new AssertionError("nothing is embedded here");
                    }, instructions, MAX_INPUTS);
        }
        return served;
    }

    private static void check(byte[] body, Function<JsonObject, List<Item>> reading) {
        ServedModel model = served();
        try {
            List<Item> items = Bounds.within(8 * TREE_BYTES + 2000L * body.length,
                    () -> reading.apply(JsonReader.parseObject(body, "request", TREE_BYTES)));
            assertThat(items).isNotEmpty().hasSizeLessThanOrEqualTo(model.maxInputs());
            for (Item item : items) assertThat(item.text() == null && item.images().isEmpty()).isFalse();
        } catch (ModelFormatException refused) {
            assertThat(refused.getMessage()).startsWith("request: ").doesNotContain("\n");
        } catch (Problem refused) {
            assertThat(refused.getMessage()).doesNotContain("\n");
            assertThat(refused.status()).isIn(400, 413);
        }
    }

    static Stream<byte[]> openAiSeeds() {
        return Stream.of("{\"input\":\"a cat\"}",
                "{\"input\":[\"a\",{\"text\":\"b\",\"image\":\"data:image/png;base64,AAAA\"},{\"image\":\"AAAA\"}]}",
                "{\"input\":[64,65],\"token_ids\":\"model\"}", "{\"input\":[[64],[65]],\"special\":true,\"input_type\":\"query\"}",
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"image_url\","
                        + "\"image_url\":{\"url\":\"AAAA\"}}]}]}")
                .map(text -> text.getBytes(UTF_8));
    }

    @MethodSource("openAiSeeds")
    @FuzzTest
    void openAiBody(byte[] body) {
        check(body, json -> new OpenAiInputs(served(), json).items());
    }

    static Stream<byte[]> cohereSeeds() {
        return Stream.of("{\"texts\":[\"a\",\"b\"],\"input_type\":\"search_query\"}", "{\"images\":[\"data:;base64,AAAA\"]}",
                "{\"inputs\":[{\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"image_url\","
                        + "\"image_url\":{\"url\":\"AAAA\"}}]}]}")
                .map(text -> text.getBytes(UTF_8));
    }

    @MethodSource("cohereSeeds")
    @FuzzTest
    void cohereBody(byte[] body) {
        check(body, json -> CohereRoutes.items(json, served()));
    }

    static Stream<byte[]> teiSeeds() {
        return Stream.of("{\"inputs\":\"a\"}", "{\"inputs\":[\"a\",[64,65]],\"prompt_name\":\"search_query\"}", "{\"inputs\":[64]}")
                .map(text -> text.getBytes(UTF_8));
    }

    @MethodSource("teiSeeds")
    @FuzzTest
    void teiBody(byte[] body) {
        check(body, json -> TeiRoutes.items(json, served()));
    }

    static Stream<byte[]> uris() {
        return Stream
                .of("data:image/png;base64,iVBORw0KGgo=", "DATA:;BASE64,AAAA", "AAAA", "http://host/a.png", "file:///a", "data:,a",
                        "//host/a")
                .map(text -> text.getBytes(UTF_8));
    }

    /** The bytes of an accepted image are those of its base64, and nothing with an address is accepted. */
    @MethodSource("uris")
    @FuzzTest
    void dataUri(byte[] utf8) {
        String value = new String(utf8, UTF_8);
        try {
            ImageSource image = Bounds.within(100_000 + 20L * utf8.length, () -> ImageData.parse(value, "input"));
            byte[] bytes = ((ImageSource.Bytes) image).bytes();
            String base64 = value.substring(value.indexOf(',') + 1).replaceAll("[ \\t\\r\\n]", "").replaceAll("(?i)%2[bf]", "/")
                    .replaceAll("(?i)(=|%3d)+$", "");
            assertThat(Base64.getEncoder().withoutPadding().encode(bytes)).hasSize(base64.getBytes(StandardCharsets.ISO_8859_1).length);
            assertThat(value.contains(":")).isEqualTo(value.replaceAll("^[ \\t\\r\\n]+", "").regionMatches(true, 0, "data:", 0, 5));
        } catch (Problem refused) {
            assertThat(refused.status()).isEqualTo(400);
        }
    }
}
