package dev.mme5.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.Embedding;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.ImageSource;
import dev.mme5.engine.Input;
import dev.mme5.engine.ProgressListener;
import dev.mme5.json.Json;
import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code POST /v1/embeddings}: every form of input has the bits that the library computes. */
class OpenAiTest {
    private static final Path ANCHOR = TestServer.MINI.resolve("gallery/anchor.png");

    private static TestServer server;
    private static EmbeddingModel model;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.start(options -> options);
        model = EmbeddingModel.open(TestServer.MINI);
    }

    @AfterAll
    static void stop() {
        server.close();
        model.close();
    }

    private static float[] vector(JsonArray numbers) {
        float[] values = new float[numbers.size()];
        for (int i = 0; i < values.length; i++) values[i] = Float.parseFloat(((Json.Number) numbers.get(i)).literal());
        return values;
    }

    private static List<float[]> vectors(JsonObject answer) {
        JsonArray data = answer.array("data");
        return IntStream.range(0, data.size()).mapToObj(i -> vector(data.object(i).array("embedding"))).toList();
    }

    private static float[] local(Input input) {
        return model.embed(input).values();
    }

    private static String image() throws IOException {
        return Base64.getEncoder().encodeToString(Files.readAllBytes(ANCHOR));
    }

    @Test
    void aStringIsOneVector() throws Exception {
        JsonObject answer = server.object(200, "/v1/embeddings", """
                {"model": "text-embedding-3-small", "input": "a cat", "user": "me"}""");

        assertThat(answer.text("object")).isEqualTo("list");
        assertThat(answer.text("model")).isEqualTo("mini");
        assertThat(answer.array("data").object(0).text("object")).isEqualTo("embedding");
        assertThat(vectors(answer)).hasSize(1);
        assertThat(vectors(answer).getFirst()).isEqualTo(local(Input.text("a cat")));
        Embedding expected = model.embed(Input.text("a cat"));
        assertThat(answer.object("usage").integer("prompt_tokens")).isEqualTo(expected.tokens());
        assertThat(answer.object("usage").integer("total_tokens")).isEqualTo(expected.tokens());
    }

    @Test
    void aListKeepsItsOrder() throws Exception {
        JsonObject answer = server.object(200, "/v1/embeddings", """
                {"input": ["a cat", "a dog", "飛行機"]}""");

        assertThat(vectors(answer).get(0)).isEqualTo(local(Input.text("a cat")));
        assertThat(vectors(answer).get(1)).isEqualTo(local(Input.text("a dog")));
        assertThat(vectors(answer).get(2)).isEqualTo(local(Input.text("飛行機")));
        assertThat(answer.array("data").object(2).integer("index")).isEqualTo(2);
    }

    @Test
    void base64IsLittleEndianFloats() throws Exception {
        JsonObject answer = server.object(200, "/v1/embeddings", """
                {"input": "a cat", "encoding_format": "base64"}""");

        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(answer.array("data").object(0).text("embedding")));
        float[] values = new float[bytes.remaining() / 4];
        bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        assertThat(values).isEqualTo(local(Input.text("a cat")));
    }

    @Test
    void dimensionsCutAndScale() throws Exception {
        JsonObject answer = server.object(200, "/v1/embeddings", """
                {"input": "a cat", "dimensions": 32}""");

        assertThat(vectors(answer).getFirst()).isEqualTo(model.embed(Input.text("a cat")).cut(32).values());
    }

    @Test
    void specialTokensInATextAreTextUnlessAskedFor() throws Exception {
        String text = "what does <|image|> mean";
        JsonObject plain = server.object(200, "/v1/embeddings", "{\"input\": \"" + text + "\"}");
        server.object(400, "/v1/embeddings", "{\"special\": true, \"input\": \"" + text + "\"}");

        assertThat(vectors(plain).getFirst()).isEqualTo(local(Input.text(text).withoutSpecialTokens()));
    }

    @Test
    void jinasObjectsAreImagesAndFusedVectors() throws Exception {
        JsonObject answer = server.object(200, "/v1/embeddings", """
                {"input": [{"image": "data:image/png;base64,%1$s"}, {"text": "an anchor", "image": "%1$s"}, {"text": "a cat"}, "a dog"]}"""
                .formatted(image()));

        ImageSource anchor = ImageSource.of(ANCHOR);
        assertThat(vectors(answer).get(0)).isEqualTo(local(Input.image(ANCHOR)));
        assertThat(vectors(answer).get(1)).isEqualTo(local(Input.images(List.of(anchor), "an anchor")));
        assertThat(vectors(answer).get(2)).isEqualTo(local(Input.text("a cat")));
        assertThat(vectors(answer).get(3)).isEqualTo(local(Input.text("a dog")));
    }

    /** As programs write base64: in lines, with percent signs as an address may need them, after white space. */
    @ParameterizedTest
    @ValueSource(strings = {"lines", "data:image/png;base64,lines", "data:image/png; charset=x; base64,plain", " data:;BASE64, plain",
        "data:image/png;base64,percent"})
    void base64IsReadAsProgramsWriteIt(String form) throws Exception {
        String lines = Base64.getMimeEncoder(76, new byte[] {'\n'}).encodeToString(Files.readAllBytes(ANCHOR)).replace("\n", "\\n") + "\\n";
        String percent = image().replace("+", "%2B").replace("/", "%2f").replace("=", "%3D");
        String image = form.replace("lines", lines).replace("plain", image()).replace("percent", percent);
        JsonObject answer = server.object(200, "/v1/embeddings", "{\"input\": {\"image\": \"" + image + "\"}}");

        assertThat(vectors(answer).getFirst()).isEqualTo(local(Input.image(ANCHOR)));
    }

    @Test
    void aMessageWithoutContentIsPassedOver() throws Exception {
        JsonObject answer = server.object(200, "/v1/embeddings", """
                {"messages": [{"role": "assistant", "content": null}, {"role": "user", "content": "a cat"}]}""");

        assertThat(vectors(answer).getFirst()).isEqualTo(local(Input.text("a cat")));
    }

    @Test
    void vllmsMessagesAreOneVector() throws Exception {
        JsonObject answer = server.object(200, "/v1/embeddings", """
                {"messages": [{"role": "user", "content": [
                  {"type": "image_url", "image_url": {"url": "data:image/png;base64,%s"}}, {"type": "text", "text": "an anchor"}]}]}"""
                .formatted(image()));

        assertThat(vectors(answer)).hasSize(1);
        assertThat(vectors(answer).getFirst()).isEqualTo(local(Input.images(List.of(ImageSource.of(ANCHOR)), "an anchor")));
    }

    @Test
    void theModelsOwnTokenIdsAreWhatItSees() throws Exception {
        Tokenizer tokenizer = Tokenizer.open(TestServer.MINI);
        String text = Arrays.toString(tokenizer.encodeRaw("a red cat"));
        String all = Arrays.toString(tokenizer.encode(Input.text("a red cat").fullPrompt(TestServer.MINI)));
        JsonObject answer = server.object(200, "/v1/embeddings",
                "{\"token_ids\": \"model\", \"input\": [%s, %s]}".formatted(text, all));

        assertThat(vectors(answer).get(0)).isEqualTo(local(Input.text("a red cat")));
        assertThat(vectors(answer).get(1)).isEqualTo(local(Input.text("a red cat")));
    }

    @Test
    void manyInputsHaveTheBitsOfEachAlone() throws Exception {
        List<String> texts = IntStream.range(0, 300).mapToObj(i -> "the number " + i + " of many").toList();
        JsonObject answer = server.object(200, "/v1/embeddings",
                texts.stream().collect(Collectors.joining("\",\"", "{\"input\":[\"", "\"]}")));

        List<Embedding> expected = model.embedAll(texts.stream().map(Input::text).toList(), ProgressListener.NONE);
        List<float[]> found = vectors(answer);
        for (int i = 0; i < texts.size(); i++) assertThat(found.get(i)).isEqualTo(expected.get(i).values());
    }

    @Test
    void whatIsTooLongIsRefusedOrCutAsAsked() throws Exception {
        String text = "many words ".repeat(600).strip();
        JsonObject error = server.object(400, "/v1/embeddings", "{\"input\": [\"a cat\", \"" + text + "\"]}").object("error");
        JsonObject end = server.object(200, "/v1/embeddings", "{\"truncate\": true, \"input\": \"" + text + "\"}");
        JsonObject start = server.object(200, "/v1/embeddings", "{\"truncate_prompt_tokens\": 20, \"input\": \"" + text + " cat\"}");

        assertThat(error.text("code")).isEqualTo("context_length_exceeded");
        assertThat(error.text("param")).isEqualTo("input[1]");
        assertThat(vectors(end).getFirst()).isEqualTo(local(Input.text(text)));
        assertThat(start.object("usage").integer("prompt_tokens")).isLessThanOrEqualTo(20);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                                              | input             | missing
            {"input": ""}                                   | input             | empty
            {"input": []}                                   | input             | at least one
            {"input": ["a", ""]}                            | input[1]          | empty
            {"input": 5}                                    | input             | expected a string
            {"input": ["a", 5]}                             | input[1]          | expected a string
            {"input": {"picture": "x"}}                     | input             | expected text, image
            {"input": "a", "dimensions": 0}                 | dimensions        | 1 to 192
            {"input": "a", "dimensions": 193}               | dimensions        | 1 to 192
            {"input": "a", "dimensions": "x"}               | dimensions        | integer
            {"input": "a", "encoding_format": "hex"}        | encoding_format   | base64
            {"input": "a", "prompt_name": "query"}          | prompt_name       | no prompts
            {"input": "a", "input_type": 5}                 | input_type        | expected a string
            {"input": "a", "model": [1]}                    | model             | expected a string
            {"input": [[]]}                                 | input[0]          | none
            {"input": [5, 6]}                               | input             | cl100k
            {"input": [[1, "x"]]}                           | input[0][1]       | integer
            {"input": [99999999], "token_ids": "model"}     | input             | no token has id
            {"input": [5], "token_ids": "other"}            | token_ids         | model
            {"input": {"image": "http://h/a.png"}}          | input.image       | fetches nothing
            {"input": {"image": " http://h/a.png"}}         | input.image       | fetches nothing
            {"input": {"image": "AAAA%2B"}}                 | input.image       | is not base64
            {"input": {"image": "AA\u00e9A"}}               | input.image       | U+00E9
            {"input": {"image": "file:///etc/passwd"}}      | input.image       | fetches nothing
            {"input": {"image": "data:image/png,abc"}}      | input.image       | base64
            {"input": {"image": "data:image/png;base64,!"}} | input.image       | is not base64
            {"input": {"image": "aGVsbG8="}}                | input             | is not an image
            {"messages": []}                                | messages          | text or an image
            {"messages": [{"role": "user"}]}                | messages[0].content | missing
            {"input": "a", "messages": []}                  | messages          | both
            {"input": "a", "input": "b"}                    | -                 | duplicate
            [1]                                             | -                 | object
            """)
    void refusesAndSaysWhere(String body, String param, String words) throws Exception {
        JsonObject error = server.object(400, "/v1/embeddings", body).object("error");

        assertThat(error.text("message")).contains(words);
        assertThat(error.text("type")).isEqualTo("invalid_request_error");
        assertThat(error.text("param", "-")).isEqualTo(param);
    }

    /** There are no instructions that a misspelt kind could leave out. */
    @ParameterizedTest
    @ValueSource(strings = {"query", "text", "", "retrieval.passage"})
    void withoutInstructionsEveryInputTypeIsTheText(String kind) throws Exception {
        JsonObject answer = server.object(200, "/v1/embeddings", "{\"input\": \"a cat\", \"input_type\": \"" + kind + "\"}");

        assertThat(vectors(answer).getFirst()).isEqualTo(local(Input.text("a cat")));
    }

    @Test
    void tooManyInputsAreTooLarge() throws Exception {
        String body = IntStream.range(0, 2049).mapToObj(Integer::toString).collect(Collectors.joining("\",\"", "{\"input\":[\"", "\"]}"));

        assertThat(server.object(413, "/v1/embeddings", body).object("error").text("param")).isEqualTo("input");
    }
}
