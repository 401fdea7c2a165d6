package dev.mme5.cli.output;

import dev.mme5.engine.Embedding;
import dev.mme5.engine.QuantizedEmbedding;
import dev.mme5.json.Json;
import dev.mme5.json.JsonWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** One JSON object a line, for failed inputs as well. */
public final class JsonlWriter implements ResultWriter {
    private final PatchableOutput out;

    public JsonlWriter(PatchableOutput out) {
        this.out = out;
    }

    @Override
    public void writeEmbedding(Json id, Embedding embedding) throws IOException {
        writeLine(start(id, embedding.tokens(), embedding.truncated()).member("embedding", embedding.values()).endObject());
    }

    @Override
    public void writeQuantized(Json id, QuantizedEmbedding embedding) throws IOException {
        writeLine(start(id, embedding.tokens(), embedding.truncated()).member("embedding", embedding.values()).endObject());
    }

    private static JsonWriter start(Json id, int tokens, boolean truncated) {
        return new JsonWriter().beginObject().member("id", id).member("tokens", tokens).member("truncated", truncated);
    }

    @Override
    public void writeFailure(Json id, String error) throws IOException {
        writeLine(new JsonWriter().beginObject().member("id", id).member("error", error).endObject());
    }

    /** Writes the token ids of an input. */
    public void writeTokenIds(Json id, int[] ids) throws IOException {
        writeLine(new JsonWriter().beginObject().member("id", id).member("ids", ids).endObject());
    }

    private void writeLine(JsonWriter json) throws IOException {
        out.write((json + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
