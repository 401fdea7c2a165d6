package dev.mme5.server.api;

import dev.mme5.engine.Embedding;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonWriter;
import dev.mme5.server.http.Call;
import dev.mme5.server.http.Dialect;
import dev.mme5.server.http.Problem;
import dev.mme5.server.http.Reply;
import dev.mme5.server.http.Route;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

/**
 * {@code POST /v1/embeddings} as OpenAI has it, with Jina's objects for images and vLLM's {@code messages}. Members that change nothing
 * here, such as {@code user}, are accepted.
 */
public final class OpenAiRoute {
    private static final List<Vectors> FORMATS = List.of(Vectors.FLOAT, Vectors.BASE64);

    private final Supplier<ServedModel> served;

    private OpenAiRoute(Supplier<ServedModel> served) {
        this.served = served;
    }

    /** The route. */
    public static Route of(Supplier<ServedModel> served) {
        return Route.of("POST", "/v1/embeddings", Dialect.OPENAI, new OpenAiRoute(served)::handle);
    }

    private Reply handle(Call call) throws Exception {
        ServedModel model = served.get();
        JsonObject body = call.json();
        Vectors format = Vectors.labelled(body.text("encoding_format", "float"), "encoding_format", FORMATS);
        int dimensions = body.has("dimensions")
                ? Vectors.checkDimensions(body.integer("dimensions"), "dimensions", model.model().dimensions())
                : 0;
        body.text("model", "");
        List<Item> items = new OpenAiInputs(model, body).items();
        List<Embedding> embeddings = Vectors.cut(model.embed(call, items, truncation(body, model)), dimensions);
        return answer(embeddings, format, model.name());
    }

    /** OpenAI refuses what is too long; vLLM and Jina can be told to cut it. */
    private static Truncation truncation(JsonObject body, ServedModel model) {
        if (body.has("truncate_prompt_tokens")) {
            int limit = body.integer("truncate_prompt_tokens");
            if (limit == -1) return Truncation.START;
            if (limit < 1 || limit > model.model().maxTokens()) {
                throw Problem.wrong("truncate_prompt_tokens",
                        "truncate_prompt_tokens: expected -1 or 1 to %d, found %d".formatted(model.model().maxTokens(), limit));
            }
            return new Truncation(Truncation.Side.START, limit);
        }
        return body.bool("truncate", false) ? Truncation.END : Truncation.REFUSE;
    }

    private static Reply answer(List<Embedding> embeddings, Vectors format, String name) {
        long tokens = embeddings.stream().mapToLong(Embedding::tokens).sum();
        return Reply.json(out -> {
            String separator = "{\"object\":\"list\",\"data\":[";
            for (int i = 0; i < embeddings.size(); i++) {
                String one =
                        separator + "{\"object\":\"embedding\",\"index\":" + i + ",\"embedding\":" + format.json(embeddings.get(i)) + "}";
                out.write(one.getBytes(StandardCharsets.ISO_8859_1));
                separator = ",";
            }
            String end = "],\"model\":" + JsonWriter.quote(name) + ",\"usage\":{\"prompt_tokens\":" + tokens + ",\"total_tokens\":" + tokens
                    + "}}";
            out.write(end.getBytes(StandardCharsets.UTF_8));
        });
    }
}
