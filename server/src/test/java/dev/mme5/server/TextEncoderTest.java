package dev.mme5.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.Embedding;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import dev.mme5.json.Json;
import dev.mme5.json.JsonArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the server says and answers for text encoders of the E5 family. */
class TextEncoderTest {
    private static final Path FOLDER = Path.of("../engine/src/test/resources/golden-encoder/models");

    @TempDir
    private Path temporary;

    @ParameterizedTest
    @CsvSource({"bert-mean, mean", "bert-cls, cls", "xlm-roberta-mean, mean"})
    void poolingVectorsAndMissingImagesAreTold(String name, String pooling) throws Exception {
        Path folder = FOLDER.resolve(name);
        try (TestServer server = TestServer.start(folder, options -> options); EmbeddingModel model = EmbeddingModel.open(folder)) {
            assertThat(server.get("/info").body()).contains("\"model_id\":\"" + name + "\"").contains("\"pooling\":\"" + pooling + "\"");

            assertThat(vector(server, "{\"inputs\": \"a cat\"}")).isEqualTo(model.embed(Input.text("a cat")).values());

            assertThat(server.object(400, "/embed", "{\"inputs\": \"a cat\", \"normalize\": false}").text("error"))
                    .contains("have unit length");
            String image = "{\"model\": \"m\", \"inputs\": [{\"content\": [{\"type\": \"image_url\", \"image_url\": "
                    + "{\"url\": \"data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7\"}}]}], "
                    + "\"input_type\": \"search_document\", \"embedding_types\": [\"float\"]}";
            assertThat(server.object(400, "/v2/embed", image).text("message")).contains("image");
            String alone = "{\"input\": [{\"image\": \"data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7\"}]}";
            assertThat(server.object(400, "/v1/embeddings", alone).object("error").text("message"))
                    .isEqualTo("input[0]: the model takes no images, only texts");
        }
    }

    @Test
    void vectorsWithoutUnitLengthAreScaledUnlessTheRequestSaysOtherwise() throws Exception {
        Path folder = withoutNormalize();
        try (TestServer server = TestServer.start(folder, options -> options); EmbeddingModel model = EmbeddingModel.open(folder)) {
            Embedding own = model.embed(Input.text("a cat"));
            assertThat(own.unit()).isNotSameAs(own);

            assertThat(vector(server, "{\"inputs\": \"a cat\"}")).isEqualTo(own.unit().values());
            assertThat(vector(server, "{\"inputs\": \"a cat\", \"normalize\": false}")).isEqualTo(own.values());
            assertThat(vector(server, "{\"inputs\": \"a cat\", \"dimensions\": 4}")).isEqualTo(own.cut(4).values());
            server.object(400, "/embed", "{\"inputs\": \"a cat\", \"normalize\": false, \"dimensions\": 4}");
            JsonArray numbers = server.object(200, "/v1/embeddings", "{\"input\": \"a cat\"}").array("data").object(0).array("embedding");
            assertThat(floats(numbers)).isEqualTo(own.unit().values());
        }
    }

    @Test
    void aLimitWithoutRoomForTextIsRefused() throws Exception {
        try (TestServer server = TestServer.start(FOLDER.resolve("bert-cls"), options -> options)) {
            String request =
                    "{\"texts\": [\"a cat\"], \"max_tokens\": %d, \"input_type\": \"search_document\", \"embedding_types\": [\"float\"]}";
            server.object(200, "/v2/embed", request.formatted(3));
            assertThat(server.object(400, "/v2/embed", request.formatted(2)).text("message")).isEqualTo(
                    "texts[0]: the limit is 2, expected at least 3 tokens: it leaves no room for text beside the special tokens");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            bert-cls         | The guideline of \u98DB the | - 0:3 4:9 9:13 14:16 - 19:22 -
            bert-cls         | \uD83D\uDE80 Prote\u0301in OF   | - - 2:10 11:13 -
            xlm-roberta-mean | the protein \u98DB of day    | - 0:3 4:11 - - 14:16 17:20 -
            """)
    void tokensOfNormalisedTextHaveTheirPlaces(String name, String text, String expected) throws Exception {
        try (TestServer server = TestServer.start(FOLDER.resolve(name), options -> options)) {
            JsonArray tokens = ((JsonArray) server.answer(200, "/tokenize", "{\"inputs\": \"" + text + "\"}")).array(0);
            assertThat(places(tokens)).isEqualTo(expected);
            JsonArray bare = ((JsonArray) server.answer(200, "/tokenize", "{\"inputs\": \"" + text + "\", \"add_special_tokens\": false}"))
                    .array(0);
            assertThat("- " + places(bare) + " -").isEqualTo(expected);
        }
    }

    private static String places(JsonArray tokens) {
        return IntStream.range(0, tokens.size()).mapToObj(tokens::object)
                .map(token -> token.has("start") ? token.integer("start") + ":" + token.integer("stop") : "-")
                .collect(Collectors.joining(" "));
    }

    @Test
    void noPromptIsLostInFrontOfTokenIds() throws Exception {
        try (TestServer server = TestServer.start(FOLDER.resolve("bert-cls"), options -> options)) {
            String ids = "{\"input\": [5, 6], \"token_ids\": \"model\"%s}";
            server.object(200, "/v1/embeddings", ids.formatted(""));
            assertThat(server.object(400, "/v1/embeddings", ids.formatted(", \"prompt_name\": \"query\"")).object("error").text("message"))
                    .isEqualTo("prompt_name: expected texts, found token ids of the model, which are taken as they are");
        }
    }

    @Test
    void aPromptOfTheFolderIsPutInFrontAsItIs() throws Exception {
        Path folder = copy(FOLDER.resolve("xlm-roberta-mean"));
        Files.writeString(folder.resolve("config_sentence_transformers.json"), "{\"prompts\": {\"query\": \"find {} in: \"}}");
        try (TestServer server = TestServer.start(folder, options -> options); EmbeddingModel model = EmbeddingModel.open(folder)) {
            float[] expected = model.embed(Input.text("find {} in: a cat")).values();
            assertThat(expected).isNotEqualTo(model.embed(Input.text("find a cat in: ")).values());

            assertThat(vector(server, "{\"inputs\": \"a cat\", \"prompt_name\": \"query\"}")).isEqualTo(expected);
            String body = "{\"input\": \"a cat\", \"prompt_name\": \"query\"}";
            assertThat(floats(server.object(200, "/v1/embeddings", body).array("data").object(0).array("embedding"))).isEqualTo(expected);
        }
    }

    @Test
    void cohereTakesPromptsByName() throws Exception {
        Path folder = FOLDER.resolve("xlm-roberta-mean");
        try (TestServer server = TestServer.start(folder, options -> options); EmbeddingModel model = EmbeddingModel.open(folder)) {
            float[] expected = model.embed(Input.text("query: a cat")).values();
            for (String input : new String[] {"\"texts\": [\"a cat\"]",
                "\"inputs\": [{\"content\": [{\"type\": \"text\", \"text\": \"a cat\"}]}]"}) {
                String body = "{" + input + ", \"prompt_name\": \"%s\"}";

                assertThat(floats(server.object(200, "/v2/embed", body.formatted("query")).object("embeddings").array("float").array(0)))
                        .isEqualTo(expected);
                assertThat(floats(server.object(200, "/v1/embed", body.formatted("query")).array("embeddings").array(0)))
                        .isEqualTo(expected);
                assertThat(server.object(400, "/v2/embed", body.formatted("title")).text("message"))
                        .isEqualTo("prompt_name: expected one of [passage, query]");
            }
        }
    }

    private static float[] vector(TestServer server, String body) throws Exception {
        return floats(((JsonArray) server.answer(200, "/embed", body)).array(0));
    }

    private static float[] floats(JsonArray numbers) {
        float[] values = new float[numbers.size()];
        for (int i = 0; i < values.length; i++) values[i] = Float.parseFloat(((Json.Number) numbers.get(i)).literal());
        return values;
    }

    private Path copy(Path source) throws IOException {
        Path model = temporary.resolve("model");
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.toList()) Files.copy(file, model.resolve(source.relativize(file).toString()));
        }
        return model;
    }

    private Path withoutNormalize() throws IOException {
        Path model = copy(FOLDER.resolve("bert-cls"));
        Files.writeString(model.resolve("modules.json"), """
                [{"idx": 0, "path": "", "type": "sentence_transformers.models.Transformer"},
                 {"idx": 1, "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}]
                """);
        return model;
    }
}
