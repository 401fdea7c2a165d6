package dev.mme5.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.Embedding;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.ImageSource;
import dev.mme5.engine.Input;
import dev.mme5.engine.QuantizedEmbedding;
import dev.mme5.json.Json;
import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code POST /v2/embed} and {@code POST /v1/embed}. */
class CohereTest {
    private static final Path ANCHOR = TestServer.MINI.resolve("gallery/anchor.png");

    @TempDir
    private static Path folder;

    private static TestServer server;
    private static EmbeddingModel model;

    @BeforeAll
    static void start() throws IOException {
        Path instructions = Files.writeString(folder.resolve("instructions.json"), """
                {"search_query": "Find: {}.", "search_document": "Document: ", "image": "Describe it.\\n", "title": "Title: "}""");
        server = TestServer.start(options -> options.withInstructionsFile(instructions));
        model = EmbeddingModel.open(TestServer.MINI);
    }

    @AfterAll
    static void stop() {
        server.close();
        model.close();
    }

    private static float[] floats(JsonArray numbers) {
        float[] values = new float[numbers.size()];
        for (int i = 0; i < values.length; i++) values[i] = Float.parseFloat(((Json.Number) numbers.get(i)).literal());
        return values;
    }

    @Test
    void allTypesAreOfTheSameVector() throws Exception {
        JsonObject answer = server.object(200, "/v2/embed", """
                {"model": "embed-v4.0", "texts": ["a cat"], "input_type": "classification", "output_dimension": 64,
                 "embedding_types": ["float", "int8", "uint8", "binary", "ubinary", "base64"]}""");

        Embedding expected = model.embed(Input.text("a cat")).cut(64);
        JsonObject embeddings = answer.object("embeddings");
        assertThat(floats(embeddings.array("float").array(0))).isEqualTo(expected.values());
        assertThat(embeddings.array("binary").array(0).integers()).isEqualTo(QuantizedEmbedding.binary(expected).values());
        assertThat(embeddings.array("ubinary").array(0).integers()).isEqualTo(QuantizedEmbedding.ubinary(expected).values());
        int[] int8 = embeddings.array("int8").array(0).integers();
        int[] uint8 = embeddings.array("uint8").array(0).integers();
        float largest = 0;
        for (float value : expected.values()) largest = Math.max(largest, Math.abs(value));
        for (int i = 0; i < int8.length; i++) {
            assertThat(int8[i]).isEqualTo(Math.round(expected.values()[i] * 127 / largest));
            assertThat(uint8[i]).isEqualTo(int8[i] + 128);
        }
        assertThat(Base64.getDecoder().decode(embeddings.array("base64").text(0))).hasSize(64 * 4);
        assertThat(answer.array("texts").texts()).containsExactly("a cat");
        assertThat(answer.text("id")).isNotEmpty();
        assertThat(answer.text("response_type")).isEqualTo("embeddings_by_type");
        assertThat(answer.object("meta").object("billed_units").integer("input_tokens")).isEqualTo(expected.tokens());
    }

    @Test
    void theInputTypeChoosesTheOperatorsInstruction() throws Exception {
        JsonObject query = server.object(200, "/v2/embed", "{\"texts\": [\"a cat\"], \"input_type\": \"search_query\"}");
        JsonObject document = server.object(200, "/v2/embed", "{\"texts\": [\"a cat\"], \"input_type\": \"search_document\"}");

        assertThat(floats(query.object("embeddings").array("float").array(0))).isEqualTo(model.embed(Input.text("Find: a cat.")).values());
        assertThat(floats(document.object("embeddings").array("float").array(0)))
                .isEqualTo(model.embed(Input.text("Document: a cat")).values());
    }

    @ParameterizedTest
    @CsvSource({"title, Title: a cat", "text, a cat", "'', a cat", "classification, a cat"})
    void theInputTypeMayHaveNoInstruction(String kind, String text) throws Exception {
        JsonObject answer = server.object(200, "/v2/embed", "{\"texts\": [\"a cat\"], \"input_type\": \"" + kind + "\"}");

        assertThat(floats(answer.object("embeddings").array("float").array(0))).isEqualTo(model.embed(Input.text(text)).values());
    }

    @Test
    void imagesAndInterleavedInputsAreOneVectorEach() throws Exception {
        String uri = "data:image/png;base64," + Base64.getEncoder().encodeToString(Files.readAllBytes(ANCHOR));
        JsonObject images = server.object(200, "/v2/embed", "{\"images\": [\"" + uri + "\"], \"input_type\": \"image\"}");
        JsonObject both = server.object(200, "/v2/embed", """
                {"inputs": [{"content": [{"type": "text", "text": "an anchor"}, {"type": "image_url", "image_url": {"url": "%s"}}]}]}"""
                .formatted(uri));

        List<ImageSource> anchor = List.of(ImageSource.of(ANCHOR));
        assertThat(floats(images.object("embeddings").array("float").array(0)))
                .isEqualTo(model.embed(Input.images(anchor, "Describe it.\n")).values());
        assertThat(floats(both.object("embeddings").array("float").array(0)))
                .isEqualTo(model.embed(Input.images(anchor, "an anchor")).values());
        assertThat(images.object("meta").object("billed_units").integer("images")).isEqualTo(1);
    }

    @Test
    void truncationCutsTheEndTheStartOrRefuses() throws Exception {
        String text = "cat ".repeat(700) + "dog ".repeat(700).strip();
        String body = "{\"truncate\": \"%s\", \"texts\": [\"" + text + "\"]}";
        JsonObject end = server.object(200, "/v2/embed", body.formatted("END"));
        JsonObject start = server.object(200, "/v2/embed", body.formatted("START"));
        JsonObject none = server.object(400, "/v2/embed", body.formatted("NONE"));

        assertThat(floats(end.object("embeddings").array("float").array(0))).isEqualTo(model.embed(Input.text(text)).values());
        Embedding dogs = model.embed(Input.text("dog"));
        Embedding atEnd = Embedding.of(floats(end.object("embeddings").array("float").array(0)), 0, false);
        Embedding atStart = Embedding.of(floats(start.object("embeddings").array("float").array(0)), 0, false);
        assertThat(atStart.cosine(dogs)).isGreaterThan(atEnd.cosine(dogs));
        assertThat(start.object("meta").object("billed_units").integer("input_tokens")).isBetween(500, 512);
        assertThat(none.text("message")).contains("limit is 512");
    }

    @Test
    void versionOneAnswersAPlainList() throws Exception {
        JsonObject answer = server.object(200, "/v1/embed", "{\"texts\": [\"a cat\", \"a dog\"], \"model\": \"embed-english-v3.0\"}");

        assertThat(floats(answer.array("embeddings").array(1))).isEqualTo(model.embed(Input.text("a dog")).values());
        assertThat(answer.text("response_type")).isEqualTo("embeddings_floats");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                                                     | one of texts, images and inputs
            {"texts": ["a"], "images": []}                         | one of texts, images and inputs
            {"texts": []}                                          | at least one
            {"texts": [""]}                                        | texts[0]: expected a text
            {"texts": "a"}                                         | texts: expected an array
            {"texts": ["a"], "truncate": "MIDDLE"}                 | NONE, START or END
            {"texts": ["a"], "embedding_types": ["int4"]}          | embedding_types[0]: expected one of
            {"texts": ["a"], "embedding_types": []}                | embedding_types: expected at least one of [float,
            {"texts": ["a"], "input_type": "nonsense"}             | passage, query, title], found "nonsense"
            {"texts": ["a"], "input_type": 5}                      | input_type: expected a string, found 5
            {"texts": ["a"], "model": [1]}                         | model: expected a string, found an array
            {"texts": ["a"], "max_tokens": 0}                      | max_tokens: expected at least 1, found 0
            {"texts": ["a"], "output_dimension": 5000}             | 1 to 192
            {"images": ["https://h/a.png"]}                        | fetches nothing
            {"inputs": [{"content": []}]}                          | inputs[0]: expected a text or an image
            {"inputs": [{"content": [{"type": "audio"}]}]}         | text or image_url
            """)
    void refusesAndSaysWhy(String body, String words) throws Exception {
        assertThat(server.object(400, "/v2/embed", body).text("message")).contains(words);
    }
}
