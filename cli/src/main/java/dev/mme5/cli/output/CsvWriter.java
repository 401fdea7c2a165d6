package dev.mme5.cli.output;

import dev.mme5.cli.input.InputRecord;
import dev.mme5.engine.Embedding;
import dev.mme5.engine.QuantizedEmbedding;
import dev.mme5.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** CSV by RFC 4180, but with line feeds. The header is {@code id,tokens,truncated,e0,e1,...}. A failed input is a row of NaN. */
public final class CsvWriter implements ResultWriter {
    private final PatchableOutput out;
    private final int numbers;

    /**
     * @param numbers number of columns of a vector
     * @param hasHeader whether the header is written already
     */
    public CsvWriter(PatchableOutput out, int numbers, boolean hasHeader) throws IOException {
        this.out = out;
        this.numbers = numbers;
        if (hasHeader) return;

        StringBuilder header = new StringBuilder("id,tokens,truncated");
        for (int i = 0; i < numbers; i++) header.append(",e").append(i);
        writeLine(header);
    }

    @Override
    public void writeEmbedding(Json id, Embedding embedding) throws IOException {
        StringBuilder row = start(id, embedding.tokens(), embedding.truncated());
        for (float value : embedding.values()) row.append(',').append(value);
        writeLine(row);
    }

    @Override
    public void writeQuantized(Json id, QuantizedEmbedding embedding) throws IOException {
        StringBuilder row = start(id, embedding.tokens(), embedding.truncated());
        for (int value : embedding.values()) row.append(',').append(value);
        writeLine(row);
    }

    @Override
    public void writeFailure(Json id, String error) throws IOException {
        writeLine(start(id, 0, false).append(",NaN".repeat(numbers)));
    }

    private static StringBuilder start(Json id, int tokens, boolean truncated) {
        return new StringBuilder(field(InputRecord.plain(id))).append(',').append(tokens).append(',').append(truncated);
    }

    private static String field(String text) {
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    private void writeLine(StringBuilder row) throws IOException {
        out.write(row.append('\n').toString().getBytes(StandardCharsets.UTF_8));
    }
}
