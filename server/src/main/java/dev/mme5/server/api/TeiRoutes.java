package dev.mme5.server.api;

import dev.mme5.engine.Embedding;
import dev.mme5.json.Json;
import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonWriter;
import dev.mme5.server.http.Call;
import dev.mme5.server.http.Dialect;
import dev.mme5.server.http.Problem;
import dev.mme5.server.http.Reply;
import dev.mme5.server.http.Route;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** {@code POST /embed}, {@code POST /tokenize} and {@code GET /info} as Hugging Face's Text Embeddings Inference has them. */
public final class TeiRoutes {
    private static final String INPUTS = "inputs";

    private final Supplier<ServedModel> served;

    private TeiRoutes(Supplier<ServedModel> served) {
        this.served = served;
    }

    /** The routes. */
    public static List<Route> of(Supplier<ServedModel> served) {
        TeiRoutes routes = new TeiRoutes(served);
        return List.of(
                Route.of("POST", "/embed", Dialect.TEI, routes::embed),
                Route.of("POST", "/tokenize", Dialect.TEI, routes::tokenize),
                Route.of("GET", "/info", Dialect.TEI, routes::info));
    }

    private Reply embed(Call call) throws Exception {
        ServedModel model = served.get();
        JsonObject body = call.json();
        boolean scales = body.bool("normalize", true);
        if (!scales && model.model().givesUnitVectors()) {
            throw Problem.wrong("normalize", "normalize: the vectors of this model have unit length; others cannot be had");
        }
        Truncation truncation = truncation(body);
        int dimensions = body.has("dimensions")
                ? Vectors.checkDimensions(body.integer("dimensions"), "dimensions", model.model().dimensions())
                : 0;
        if (!scales && dimensions > 0) throw Problem.wrong("normalize", "normalize: vectors with fewer dimensions have unit length");
        List<Item> items = items(body, model);
        try {
            List<Embedding> embeddings = model.embed(call, items, truncation);
            if (scales) embeddings = Vectors.cut(embeddings, dimensions);
            List<Embedding> sent = embeddings;
            return Reply.json(out -> Vectors.FLOAT.writeAll(sent, out));
        } catch (Problem e) {
            // Here, what is too long is too large.
            throw e.code().equals("context_length_exceeded") ? Problem.tooLarge(e.param(), e.getMessage()) : e;
        }
    }

    private static Truncation truncation(JsonObject body) {
        boolean cuts = body.bool("truncate", false);
        return switch (body.text("truncation_direction", "Right")) {
            case "Right", "right" -> cuts ? Truncation.END : Truncation.REFUSE;
            case "Left", "left" -> cuts ? Truncation.START : Truncation.REFUSE;
            default -> throw Problem.wrong("truncation_direction", "truncation_direction: expected Left or Right");
        };
    }

    static List<Item> items(JsonObject body, ServedModel model) {
        String prompt = body.text("prompt_name", null);
        return switch (body.get(INPUTS)) {
            case null -> throw Problem.wrong(INPUTS, "inputs: missing");
            case Json.Text text -> List.of(item(INPUTS, text, prompt, model));
            case JsonArray array when array.size() > 0 && array.get(0) instanceof Json.Number ->
                    List.of(model.ofTokenIds(prompt, array, INPUTS));
            case JsonArray array -> {
                model.checkCount(INPUTS, array.size());
                List<Item> items = new ArrayList<>();
                for (int i = 0; i < array.size(); i++) items.add(item("inputs[" + i + "]", array.get(i), prompt, model));
                yield items;
            }
            default -> throw Problem.wrong(INPUTS, "inputs: expected a string or a list");
        };
    }

    private static Item item(String place, Json value, String prompt, ServedModel model) {
        return switch (value) {
            case Json.Text(String text) -> {
                if (text.isEmpty()) throw Problem.wrong(place, place + ": expected a text, found an empty one");
                yield Item.text(place, model.withPrompt(prompt, text), false);
            }
            case JsonArray ids when ids.size() == 0 -> throw Problem.wrong(place, place + ": expected token ids, found none");
            case JsonArray ids -> model.ofTokenIds(prompt, ids, place);
            default -> throw Problem.wrong(place, place + ": expected a string or token ids");
        };
    }

    private Reply tokenize(Call call) throws Exception {
        ServedModel model = served.get();
        JsonObject body = call.json();
        boolean withSpecial = body.bool("add_special_tokens", true);
        String prompt = body.text("prompt_name", null);
        List<String> texts = new ArrayList<>();
        switch (body.get(INPUTS)) {
            case null -> throw Problem.wrong(INPUTS, "inputs: missing");
            case Json.Text text -> texts.add(text.value());
            case JsonArray array -> {
                model.checkCount(INPUTS, array.size());
                texts.addAll(array.texts());
            }
            default -> throw Problem.wrong(INPUTS, "inputs: expected a string or a list of strings");
        }
        List<TokenList> lists = new ArrayList<>();
        for (String text : texts) {
            if (Thread.interrupted()) throw new InterruptedException();
            lists.add(TokenList.of(model.withPrompt(prompt, text), withSpecial, model.tokens()));
            call.count(1, 0);
        }
        return Reply.json(out -> {
            String separator = "[";
            for (TokenList list : lists) {
                out.write(separator.getBytes(StandardCharsets.US_ASCII));
                list.writeTo(out);
                separator = ",";
            }
            out.write(']');
        });
    }

    private Reply info(Call call) {
        ServedModel model = served.get();
        JsonWriter json = new JsonWriter().beginObject().member("model_id", model.name()).name("model_sha").nullValue();
        json.member("model_dtype", model.dtype());
        json.name("model_type").beginObject().name("embedding").beginObject().member("pooling", model.pooling()).endObject().endObject();
        json.member("max_input_length", model.model().maxTokens()).member("max_client_batch_size", model.maxInputs());
        json.member("auto_truncate", false).member("dimensions", model.model().dimensions());
        return Reply.json(json.member("kernels", model.model().kernels()).endObject().toString());
    }
}
