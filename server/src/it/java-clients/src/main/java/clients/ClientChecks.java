package clients;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.BadRequestException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.embeddings.EmbeddingModel;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.cohere.CohereEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Unmodified clients against a server: ADDRESS KEY. What they return is compared with the server's plain JSON. */
public final class ClientChecks {
    private static final List<String> TEXTS = List.of("a cat", "a dog on a bicycle", "\u98DB\u884C\u6A5F");
    private static final Pattern VECTOR = Pattern.compile("\"embedding\":\\[([^]]*)]");

    private final String address;
    private final String key;
    private int passed;
    private int failed;

    private ClientChecks(String address, String key) {
        this.address = address;
        this.key = key;
    }

    public static void main(String[] args) throws Exception {
        ClientChecks checks = new ClientChecks(args[0], args[1]);
        checks.run();
        System.out.println(checks.passed + " passed, " + checks.failed + " failed, 0 skipped");
        System.exit(checks.failed == 0 ? 0 : 1);
    }

    private void run() throws Exception {
        List<List<Float>> expected = expected(0);
        OpenAIClient openAi = OpenAIOkHttpClient.builder().baseUrl(address + "/v1").apiKey(key).build();
        check("openai-java: texts", () -> vectors(openAi, EmbeddingCreateParams.builder().inputOfArrayOfStrings(TEXTS)).equals(expected));
        check("openai-java: one text", () -> vectors(openAi, EmbeddingCreateParams.builder().input(TEXTS.get(0))).get(0)
                .equals(expected.get(0)));
        check("openai-java: dimensions", () -> vectors(openAi, EmbeddingCreateParams.builder().dimensions(32).inputOfArrayOfStrings(TEXTS))
                .equals(expected(32)));
        check("openai-java: floats", () -> vectors(openAi, EmbeddingCreateParams.builder().inputOfArrayOfStrings(TEXTS)
                .encodingFormat(EmbeddingCreateParams.EncodingFormat.FLOAT)).equals(expected));
        check("openai-java: usage", () -> openAi.embeddings().create(EmbeddingCreateParams.builder()
                .model(EmbeddingModel.TEXT_EMBEDDING_3_SMALL).inputOfArrayOfStrings(TEXTS).build()).usage().totalTokens() > 3);
        check("openai-java: models", () -> openAi.models().list().data().size() == 1);
        check("openai-java: a wrong request is its BadRequestException", () -> {
            try {
                vectors(openAi, EmbeddingCreateParams.builder().input(""));
                return false;
            } catch (BadRequestException e) {
                return e.param().orElse("").equals("input") && e.type().orElse("").equals("invalid_request_error");
            }
        });
        check("openai-java: a wrong key is its UnauthorizedException", () -> {
            try {
                OpenAIClient other = OpenAIOkHttpClient.builder().baseUrl(address + "/v1").apiKey("wrong").build();
                vectors(other, EmbeddingCreateParams.builder().input("a cat"));
                return false;
            } catch (UnauthorizedException e) {
                return true;
            }
        });

        OpenAiEmbeddingModel langChain = OpenAiEmbeddingModel.builder().baseUrl(address + "/v1").apiKey(key)
                .modelName("text-embedding-3-small").build();
        check("langchain4j-open-ai: texts", () -> lists(langChain.embedAll(segments()).content()).equals(expected));
        check("langchain4j-open-ai: one text", () -> langChain.embed("a cat").content().vectorAsList().equals(expected.get(0)));
        check("langchain4j-open-ai: dimension", () -> langChain.embed("a cat").content().dimension() == expected.get(0).size());

        CohereEmbeddingModel cohere = CohereEmbeddingModel.builder().baseUrl(address + "/v1/").apiKey(key)
                .modelName("embed-english-v3.0").inputType("search_document").build();
        check("langchain4j-cohere: texts", () -> lists(cohere.embedAll(segments()).content()).equals(expected));
        check("langchain4j-cohere: one text", () -> cohere.embed("a cat").content().vectorAsList().equals(expected.get(0)));
    }

    private void check(String name, Callable<Boolean> check) {
        try {
            if (check.call()) {
                passed++;
                System.out.println("ok      " + name);
                return;
            }
            System.out.println("FAILED  " + name);
        } catch (Exception e) {
            System.out.println("FAILED  " + name + ": " + e);
        }
        failed++;
    }

    private static List<TextSegment> segments() {
        return TEXTS.stream().map(TextSegment::from).toList();
    }

    private static List<List<Float>> lists(List<Embedding> embeddings) {
        return embeddings.stream().map(Embedding::vectorAsList).toList();
    }

    private static List<List<Float>> vectors(OpenAIClient client, EmbeddingCreateParams.Builder params) {
        CreateEmbeddingResponse response = client.embeddings().create(params.model(EmbeddingModel.TEXT_EMBEDDING_3_SMALL).build());
        return response.data().stream().map(com.openai.models.embeddings.Embedding::embedding).toList();
    }

    private List<List<Float>> expected(int dimensions) throws Exception {
        String more = dimensions == 0 ? "" : ",\"dimensions\":" + dimensions;
        String body = "{\"input\":[\"" + String.join("\",\"", TEXTS) + "\"]" + more + "}";
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + "/v1/embeddings")).header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + key).POST(HttpRequest.BodyPublishers.ofString(body)).build();
        String answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
        List<List<Float>> vectors = new ArrayList<>();
        for (Matcher vector = VECTOR.matcher(answer); vector.find();) {
            List<Float> values = new ArrayList<>();
            for (String number : vector.group(1).split(",")) values.add(Float.parseFloat(number));
            vectors.add(values);
        }
        if (vectors.size() != TEXTS.size()) throw new IllegalStateException("the server answered " + answer);
        return vectors;
    }
}
