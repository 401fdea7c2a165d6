package dev.mme5.server.api;

import dev.mme5.engine.Embedding;
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
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** {@code POST /v2/embed} as Cohere has it, and {@code POST /v1/embed}, which older clients ask. */
public final class CohereRoutes {
    private static final List<Vectors> TYPES = List.of(Vectors.values());

    private final Supplier<ServedModel> served;
    private final int version;

    private CohereRoutes(Supplier<ServedModel> served, int version) {
        this.served = served;
        this.version = version;
    }

    /** Both routes. */
    public static List<Route> of(Supplier<ServedModel> served) {
        return List.of(
                Route.of("POST", "/v2/embed", Dialect.COHERE, new CohereRoutes(served, 2)::handle),
                Route.of("POST", "/v1/embed", Dialect.COHERE, new CohereRoutes(served, 1)::handle));
    }

    private Reply handle(Call call) throws Exception {
        ServedModel model = served.get();
        JsonObject body = call.json();
        List<Vectors> types = types(body);
        int dimensions = body.has("output_dimension")
                ? Vectors.checkDimensions(body.integer("output_dimension"), "output_dimension", model.model().dimensions())
                : 0;
        Truncation truncation = truncation(body, model);
        body.text("model", "");
        List<Item> items = items(body, model);
        List<String> texts = body.has("texts") ? body.array("texts").texts() : List.of();
        List<Embedding> embeddings = Vectors.cut(model.embed(call, items, truncation), dimensions);
        int images = items.stream().mapToInt(item -> item.images().size()).sum();
        return answer(embeddings, types, texts, images);
    }

    /** Empty where version 1 answers a plain list. */
    private List<Vectors> types(JsonObject body) {
        if (!body.has("embedding_types")) return version == 1 ? List.of() : List.of(Vectors.FLOAT);
        JsonArray labels = body.array("embedding_types");
        if (labels.size() == 0) throw body.error("embedding_types", "expected at least one of " + Vectors.labels(TYPES) + ", found none");
        List<Vectors> types = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            Vectors type = Vectors.labelled(labels.text(i), "embedding_types[" + i + "]", TYPES);
            if (!types.contains(type)) types.add(type);
        }
        return types;
    }

    private static Truncation truncation(JsonObject body, ServedModel model) {
        int limit = body.integer("max_tokens", model.model().maxTokens());
        if (limit < 1) throw Problem.wrong("max_tokens", "max_tokens: expected at least 1, found " + limit);
        return switch (body.text("truncate", "END")) {
            case "NONE" -> new Truncation(Truncation.Side.REFUSE, limit);
            case "START" -> new Truncation(Truncation.Side.START, limit);
            case "END" -> new Truncation(Truncation.Side.END, limit);
            default -> throw Problem.wrong("truncate", "truncate: expected NONE, START or END");
        };
    }

    static List<Item> items(JsonObject body, ServedModel model) {
        boolean hasImages = body.has("images");
        boolean hasInputs = body.has("inputs");
        if ((body.has("texts") ? 1 : 0) + (hasImages ? 1 : 0) + (hasInputs ? 1 : 0) != 1) {
            throw Problem.wrong("texts", "expected one of texts, images and inputs");
        }
        String type = model.instructions().inputType(body);
        String prompt = body.text("prompt_name", null);
        UnaryOperator<String> prompted = text -> model.withPrompt(prompt, model.instructions().apply(type, text));
        String param = hasImages ? "images" : hasInputs ? "inputs" : "texts";
        model.checkCount(param, body.array(param).size());
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < body.array(param).size(); i++) {
            String place = param + "[" + i + "]";
            if (hasImages) {
                items.add(new Item(place, null, List.of(ImageData.parse(body.array(param).text(i), place)), false));
            } else if (hasInputs) {
                ContentParts parts = new ContentParts(place);
                parts.addAll(body.array(param).object(i).array("content"), place + ".content");
                items.add(parts.item(prompted, false));
            } else {
                String text = body.array(param).text(i);
                if (text.isEmpty()) throw Problem.wrong(place, place + ": expected a text, found an empty one");
                items.add(Item.text(place, prompted.apply(text), false));
            }
        }
        return items;
    }

    private Reply answer(List<Embedding> embeddings, List<Vectors> types, List<String> texts, int images) {
        long tokens = embeddings.stream().mapToLong(Embedding::tokens).sum();
        return Reply.json(out -> {
            JsonWriter given = new JsonWriter().beginArray();
            texts.forEach(given::value);
            String head = "{\"id\":\"" + UUID.randomUUID() + "\",\"texts\":" + given.endArray() + ",\"embeddings\":";
            out.write(head.getBytes(StandardCharsets.UTF_8));
            if (types.isEmpty()) {
                Vectors.FLOAT.writeAll(embeddings, out);
            } else {
                String separator = "{";
                for (Vectors type : types) {
                    out.write((separator + '"' + type.label() + "\":").getBytes(StandardCharsets.US_ASCII));
                    type.writeAll(embeddings, out);
                    separator = ",";
                }
                out.write('}');
            }
            JsonWriter meta = new JsonWriter().beginObject();
            meta.name("api_version").beginObject().member("version", Integer.toString(version)).endObject();
            meta.name("billed_units").beginObject().member("input_tokens", tokens).member("images", images).endObject();
            String form = types.isEmpty() ? "embeddings_floats" : "embeddings_by_type";
            out.write((",\"response_type\":\"" + form + "\",\"meta\":" + meta.endObject() + "}").getBytes(StandardCharsets.UTF_8));
        });
    }
}
