package dev.mme5.cli.output;

import dev.mme5.cli.input.InputRecord;
import dev.mme5.engine.Embedding;
import dev.mme5.engine.QuantizedEmbedding;
import dev.mme5.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A table by RFC 4180 (with line feeds) under the header {@code id,tokens,truncated,e0,e1,...}; a failed input is a row of NaN. */
public final class CsvWriter implements ResultWriter {
    private final PatchableOutput out;
    private final int numbers;

    /**
     * @param numbers that stand for a vector
     * @param begun whether the header is written already
     */
    public CsvWriter(PatchableOutput out, int numbers, boolean begun) throws IOException {
        this.out = out;
        this.numbers = numbers;
        if (begun) return;

        StringBuilder header = new StringBuilder("id,tokens,truncated");
        for (int i = 0; i < numbers; i++) header.append(",e").append(i);
        line(header);
    }

    @Override
    public void embedded(Json id, Embedding embedding) throws IOException {
        StringBuilder row = start(id, embedding.tokens(), embedding.truncated());
        for (float value : embedding.values()) row.append(',').append(value);
        line(row);
    }

    @Override
    public void quantized(Json id, QuantizedEmbedding embedding) throws IOException {
        StringBuilder row = start(id, embedding.tokens(), embedding.truncated());
        for (int value : embedding.values()) row.append(',').append(value);
        line(row);
    }

    @Override
    public void failed(Json id, String error) throws IOException {
        line(start(id, 0, false).append(",NaN".repeat(numbers)));
    }

    private static StringBuilder start(Json id, int tokens, boolean truncated) {
        return new StringBuilder(field(InputRecord.plain(id))).append(',').append(tokens).append(',').append(truncated);
    }

    private static String field(String text) {
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    private void line(StringBuilder row) throws IOException {
        out.write(row.append('\n').toString().getBytes(StandardCharsets.UTF_8));
    }
}
