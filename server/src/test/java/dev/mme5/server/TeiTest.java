package dev.mme5.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import dev.mme5.json.Json;
import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code POST /embed}, {@code POST /tokenize}, {@code GET /info}, and what is not of one interface alone. */
class TeiTest {
    @TempDir
    private static Path folder;

    private static TestServer server;
    private static EmbeddingModel model;

    @BeforeAll
    static void start() throws IOException {
        Path instructions = Files.writeString(folder.resolve("instructions.json"), "{\"query\": \"Find: \"}");
        server = TestServer.start(options -> options.withInstructionsFile(instructions));
        model = EmbeddingModel.open(TestServer.MINI);
    }

    @AfterAll
    static void stop() {
        server.close();
        model.close();
    }

    private static float[] vector(String body) throws Exception {
        JsonArray numbers = ((JsonArray) server.answer(200, "/embed", body)).array(0);
        float[] values = new float[numbers.size()];
        for (int i = 0; i < values.length; i++) values[i] = Float.parseFloat(((Json.Number) numbers.get(i)).literal());
        return values;
    }

    @Test
    void inputsAreAStringAListOrTokenIds() throws Exception {
        float[] cat = model.embed(Input.text("a cat")).values();
        String ids = java.util.Arrays.toString(Tokenizer.open(TestServer.MINI).encodeRaw("a cat"));

        assertThat(vector("{\"inputs\": \"a cat\"}")).isEqualTo(cat);
        assertThat(vector("{\"inputs\": [\"a cat\"], \"normalize\": true, \"truncate\": true}")).isEqualTo(cat);
        assertThat(vector("{\"inputs\": [" + ids + "]}")).isEqualTo(cat);
        assertThat(vector("{\"inputs\": \"a cat\", \"prompt_name\": \"query\"}"))
                .isEqualTo(model.embed(Input.text("Find: a cat")).values());
        assertThat(vector("{\"inputs\": \"a cat\", \"dimensions\": 8}")).hasSize(8);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /embed         | "inputs": [5, 6], "prompt_name": "query"                          | prompt_name
            /embed         | "inputs": [[5, 6]], "prompt_name": "query"                        | prompt_name
            /v1/embeddings | "input": [5], "token_ids": "model", "prompt_name": "query"        | prompt_name
            /v1/embeddings | "input": [[5]], "token_ids": "model", "input_type": "search_query" | input_type
            """)
    void noInstructionIsLostInFrontOfTokenIds(String path, String members, String member) throws Exception {
        assertThat(server.post(path, "{" + members + "}").body()).contains(member + ": ").contains("taken as they are");
        server.answer(200, path, "{" + members.replace(member, "x") + "}");
    }

    @Test
    void whatIsTooLongIsRefusedUnlessItMayBeCut() throws Exception {
        String text = "many words ".repeat(600).strip();
        JsonObject refused = server.object(413, "/embed", "{\"inputs\": \"" + text + "\"}");

        assertThat(refused.text("error_type")).isEqualTo("Validation");
        assertThat(refused.text("error")).contains("the limit is 512");
        assertThat(vector("{\"truncate\": true, \"inputs\": \"" + text + "\"}")).isEqualTo(model.embed(Input.text(text)).values());
        assertThat(vector("{\"truncate\": true, \"truncation_direction\": \"Left\", \"inputs\": \"" + text + "\"}")).hasSize(192);
    }

    @Test
    void vectorsOfOtherLengthsCannotBeHad() throws Exception {
        assertThat(server.object(400, "/embed", "{\"inputs\": \"a cat\", \"normalize\": false}").text("error")).contains("unit length");
        assertThat(server.object(400, "/embed", "{\"inputs\": \"a\", \"prompt_name\": \"x\"}").text("error")).contains("[query]");
    }

    @Test
    void tokensHaveTheirPlaces() throws Exception {
        String text = "a 🐈 flies 飛行機";
        JsonArray tokens = ((JsonArray) server.answer(200, "/tokenize", "{\"inputs\": \"" + text + "\"}")).array(0);
        int[] ids = IntStream.range(0, tokens.size()).map(i -> tokens.object(i).integer("id")).toArray();
        int[] codePoints = text.codePoints().toArray();

        assertThat(ids).isEqualTo(Tokenizer.open(TestServer.MINI).encode(Input.text(text).fullPrompt(TestServer.MINI)));
        assertThat(tokens.object(0).bool("special")).isTrue();
        int placed = 0;
        for (int i = 0; i < tokens.size(); i++) {
            JsonObject token = tokens.object(i);
            if (!token.has("start")) continue;
            int start = token.integer("start");
            String piece = new String(codePoints, start, token.integer("stop") - start);
            if (!token.text("text").contains("\uFFFD")) assertThat(piece).isEqualTo(token.text("text"));
            placed++;
        }
        assertThat(placed).isEqualTo(tokens.size() - 1); // all but the begin of text that is added
        assertThat(tokens.object(tokens.size() - 1).integer("stop")).isEqualTo(codePoints.length);
        JsonArray bare = ((JsonArray) server.answer(200, "/tokenize", "{\"inputs\": [\"a cat\"], \"add_special_tokens\": false}")).array(0);
        assertThat(IntStream.range(0, bare.size()).map(i -> bare.object(i).integer("id")).toArray())
                .isEqualTo(Tokenizer.open(TestServer.MINI).encodeRaw("a cat"));
    }

    /** Counting each place from the beginning took minutes. */
    @Test
    @Timeout(60)
    void placesInLongTextsAreFoundInTime() throws Exception {
        String text = "🐈ab c ".repeat(20_000);
        JsonArray tokens = ((JsonArray) server.answer(200, "/tokenize", "{\"inputs\": \"" + text + "\"}")).array(0);

        JsonObject last = tokens.object(tokens.size() - 1);
        assertThat(last.integer("stop")).isEqualTo(text.codePointCount(0, text.length()));
    }

    @Test
    void anImagesTokenWithoutAnImageIsRefused() throws Exception {
        int begin = 16384;
        int image = 16387;

        JsonObject refused = server.object(400, "/embed", "{\"inputs\": [[%d, %d]]}".formatted(begin, image));
        assertThat(refused.text("error")).contains("1 <|image|> for 0 images");
        server.object(400, "/v1/embeddings", "{\"input\": [%d, %d], \"token_ids\": \"model\"}".formatted(begin, image));
        String text = "<|image|> many words".repeat(100);
        server.object(400, "/v1/embeddings", "{\"input\": \"" + text + "\", \"special\": true, \"truncate_prompt_tokens\": 20}");
    }

    @Test
    void noTokensAreRefused() throws Exception {
        assertThat(server.object(400, "/embed", "{\"inputs\": [[]]}").text("error")).contains("inputs[0]: expected token ids, found none");
    }

    @Test
    void theModelIsDescribed() throws Exception {
        assertThat(server.get("/info").body()).contains("\"model_id\":\"mini\"").contains("\"max_input_length\":512")
                .contains("\"pooling\":\"last_token\"").doesNotContain("/");
        assertThat(server.get("/v1/models").body()).contains("\"id\":\"mini\"");
        assertThat(server.get("/v1/models/mini").statusCode()).isEqualTo(200);
        assertThat(server.get("/v1/models/other").statusCode()).isEqualTo(404);
    }

    @Test
    void metricsCountWhatWasDone() throws Exception {
        server.post("/embed", "{\"inputs\": [\"a cat\", \"a dog\"]}");
        server.get("/nothing");
        String metrics = server.get("/metrics").body();
        for (int i = 0; i < 1000 && !metrics.contains("route=\"other\",status=\"404\""); i++) { // counted when an answer has been sent
            Thread.sleep(5);
            metrics = server.get("/metrics").body();
        }

        assertThat(metrics).containsPattern("mme5_requests_total\\{route=\"/embed\",status=\"200\"} [1-9]");
        assertThat(metrics).containsPattern("mme5_requests_total\\{route=\"other\",status=\"404\"} [1-9]");
        assertThat(metrics).containsPattern("mme5_inputs_total [1-9]").containsPattern("mme5_tokens_total [1-9]");
        for (int i = 0; i < 3; i++) server.post("/embed", "{\"inputs\": [\"a cat and a dog\"]}"); // kept the second time, read the third
        assertThat(server.get("/metrics").body()).containsPattern("mme5_tokens_computed_total [1-9]")
                .containsPattern("mme5_tokens_shared_total [1-9]").containsPattern("mme5_tokens_cached_total [1-9]");
        assertThat(metrics).contains("mme5_model_info{model=\"mini\",kernels=\"");
        assertThat(metrics.lines().filter(line -> !line.startsWith("#")))
                .allMatch(line -> line.matches("[a-z0-9_]+(\\{.*})? -?[0-9.E+-]+"));
    }

    @Test
    void methodsAreThoseOfTheRoute() throws Exception {
        var wrong = server.get("/embed");
        var head = server.send(server.request("/health").HEAD().build());
        var options = server.send(server.request("/health").method("OPTIONS", java.net.http.HttpRequest.BodyPublishers.noBody()).build());

        assertThat(wrong.statusCode()).isEqualTo(405);
        assertThat(wrong.headers().firstValue("Allow")).contains("OPTIONS, POST");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(options.statusCode()).isEqualTo(204);
        assertThat(options.headers().firstValue("Allow")).contains("GET, HEAD, OPTIONS");
    }
}
