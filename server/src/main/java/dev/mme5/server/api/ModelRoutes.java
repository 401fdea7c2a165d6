package dev.mme5.server.api;

import dev.mme5.json.JsonWriter;
import dev.mme5.server.http.Call;
import dev.mme5.server.http.Dialect;
import dev.mme5.server.http.Problem;
import dev.mme5.server.http.Reply;
import dev.mme5.server.http.Route;
import java.util.List;
import java.util.function.Supplier;

/** {@code GET /v1/models}, {@code /health} and {@code /ready}. */
public final class ModelRoutes {
    /** What follows may have slashes, as names of models on the hub have. */
    private static final String MODEL = "/v1/models/";

    private final Supplier<ServedModel> served;
    private final Supplier<Problem> notReady;
    private final long created = System.currentTimeMillis() / 1000;

    private ModelRoutes(Supplier<ServedModel> served, Supplier<Problem> notReady) {
        this.served = served;
        this.notReady = notReady;
    }

    /**
     * The routes.
     *
     * @param notReady why a request would not be answered; its value is null if it would be
     */
    public static List<Route> of(Supplier<ServedModel> served, Supplier<Problem> notReady) {
        ModelRoutes routes = new ModelRoutes(served, notReady);
        return List.of(
                Route.of("GET", "/v1/models", Dialect.OPENAI, routes::models),
                Route.of("GET", MODEL + "**", Dialect.OPENAI, routes::model),
                Route.open("/health", call -> Reply.json("{\"status\":\"ok\"}")),
                Route.open("/ready", routes::ready));
    }

    private Reply ready(Call call) {
        Problem problem = notReady.get();
        if (problem != null) throw problem;
        return Reply.json("{\"status\":\"ready\"}");
    }

    private Reply models(Call call) {
        JsonWriter json = new JsonWriter().beginObject().member("object", "list").name("data").beginArray();
        writeModel(json);
        return Reply.json(json.endArray().endObject().toString());
    }

    private Reply model(Call call) {
        if (!call.path().substring(MODEL.length()).equals(served.get().name())) throw Problem.of(404, "model_not_found", "no such model");
        JsonWriter json = new JsonWriter();
        writeModel(json);
        return Reply.json(json.toString());
    }

    private void writeModel(JsonWriter json) {
        json.beginObject().member("id", served.get().name()).member("object", "model").member("created", created)
                .member("owned_by", "mme5").member("max_model_len", served.get().model().maxTokens())
                .member("dimensions", served.get().model().dimensions()).endObject();
    }
}
