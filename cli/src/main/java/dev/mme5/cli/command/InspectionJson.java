package dev.mme5.cli.command;

import dev.mme5.engine.ModelInspection;
import dev.mme5.json.JsonWriter;
import java.util.Locale;

/** {@code inspect --json}: one object for programs, with numbers whose names have the unit, and no phrases but in {@code problems}. */
final class InspectionJson {
    private InspectionJson() {}

    static String of(ModelInspection model) {
        JsonWriter json = new JsonWriter().beginObject().member("folder", model.folder().toString());
        model.model().ifPresent(read -> {
            json.member("model_type", read.modelType())
                    .member("dimensions", read.dimensions())
                    .member("max_tokens", read.maxTokens())
                    .member("pooling", read.pooling().name().toLowerCase(Locale.ROOT))
                    .member("unit_vectors", read.givesUnitVectors());
            json.name("defaults_used").beginObject();
            read.defaultsUsed().forEach(used -> json.member(used.key(), used.value()));
            json.endObject();
        });
        model.tokenizerIds().ifPresent(ids -> json.member("tokenizer_ids", ids));
        model.quantization().ifPresent(format -> json.member("quantization", format.scheme().label()).member("format", format.version()));
        json.name("files").beginArray();
        for (ModelInspection.Entry entry : model.entries()) {
            json.beginObject().member("name", entry.name()).member("bytes", entry.bytes()).member("use", entry.use().label()).endObject();
        }
        json.endArray().name("shards").beginArray();
        for (ModelInspection.Shard shard : model.shards()) {
            json.beginObject().member("name", shard.file().getFileName().toString()).member("bytes", shard.bytes()).endObject();
        }
        json.endArray().name("parts").beginArray();
        for (ModelInspection.Part part : model.parts()) {
            json.beginObject()
                    .member("name", part.name())
                    .member("dtype", part.dtype())
                    .member("tensors", part.tensors())
                    .member("parameters", part.parameters())
                    .member("bytes", part.bytes())
                    .member("needed", part.needed())
                    .endObject();
        }
        json.endArray().name("limits").beginObject().member("heap_bytes", model.limits().heapBytes());
        if (model.limits().machineBytes() < Long.MAX_VALUE) json.member("machine_bytes", model.limits().machineBytes());
        json.endObject().name("memory").beginArray();
        for (ModelInspection.Memory run : model.memory()) {
            json.beginObject();
            switch (run.run()) {
                case ModelInspection.Run.Pass(int tokens, int images) ->
                        json.member("run", "pass").member("tokens", tokens).member("images", images);
                case ModelInspection.Run.Decoding(long pixels) -> json.member("run", "decoding").member("pixels", pixels);
            }
            json.member("heap_bytes", run.heapBytes())
                    .member("mapped_bytes", run.mappedBytes())
                    .member("direct_bytes", run.directBytes())
                    .member("fits", run.shortage().isEmpty())
                    .endObject();
        }
        json.endArray().name("problems").beginArray();
        model.problems().forEach(json::value);
        return json.endArray().endObject().toString();
    }
}
