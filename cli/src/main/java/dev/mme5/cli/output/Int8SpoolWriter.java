package dev.mme5.cli.output;

import dev.mme5.cli.option.CommandContext;
import dev.mme5.engine.Embedding;
import dev.mme5.engine.Int8Ranges;
import dev.mme5.engine.Precision;
import dev.mme5.engine.QuantizedEmbedding;
import dev.mme5.json.Json;
import dev.mme5.json.JsonReader;
import dev.mme5.json.JsonWriter;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;

/**
 * Quantizes to int8 by the ranges of the vectors that are written, as sentence-transformers does without a calibration set: all
 * results wait in a temporary file until the last one is known.
 */
public final class Int8SpoolWriter implements ResultWriter {
    /** With fewer embeddings than these sentence-transformers warns, and so do we. */
    private static final int ENOUGH = 100;

    private static final int BUFFER = 1 << 16;

    private final ResultWriter to;
    private final int dimensions;
    private final CommandContext console;
    private final Int8Ranges.Collector seen;
    private final FileChannel waiting;
    private final DataOutputStream out;
    private long count;

    /** @param console hears that there were few vectors; null for nobody */
    public Int8SpoolWriter(ResultWriter to, int dimensions, CommandContext console) throws IOException {
        this.to = to;
        this.dimensions = dimensions;
        this.console = console;
        this.seen = new Int8Ranges.Collector(dimensions);
        this.waiting = FileChannel.open(AtomicOutput.spool(), StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
                StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        this.out = new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(waiting), BUFFER));
    }

    @Override
    public void embedded(Json id, Embedding embedding) throws IOException {
        Embedding cut = embedding.cut(dimensions);
        seen.add(cut.values());
        start(id, true);
        out.writeInt(cut.tokens());
        out.writeBoolean(cut.truncated());
        for (float value : cut.values()) out.writeFloat(value);
    }

    @Override
    public void quantized(Json id, QuantizedEmbedding embedding) {
        throw new IllegalStateException("quantized before its ranges are known");
    }

    @Override
    public void failed(Json id, String error) throws IOException {
        start(id, false);
        string(error);
    }

    private void start(Json id, boolean embedded) throws IOException {
        count++;
        out.writeBoolean(embedded);
        string(new JsonWriter().value(id).toString());
    }

    private void string(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    @Override
    public void finish() throws IOException {
        if (console != null && seen.count() > 0 && seen.count() < ENOUGH) {
            console.say("the int8 ranges are those of %d vector%s; --calibration FILE takes them from more"
                    .formatted(seen.count(), seen.count() == 1 ? "" : "s"));
        }
        PrecisionWriter quantizing = new PrecisionWriter(to, dimensions, Precision.INT8, seen.count() == 0 ? null : seen.ranges());
        out.flush();
        waiting.position(0);
        DataInputStream in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(waiting), BUFFER));
        for (long i = 0; i < count; i++) replay(in, quantizing);
        quantizing.finish();
    }

    private void replay(DataInputStream in, ResultWriter quantizing) throws IOException {
        boolean embedded = in.readBoolean();
        Json id = JsonReader.parse(in.readNBytes(in.readInt()), "id");
        if (!embedded) {
            quantizing.failed(id, new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8));
            return;
        }
        int tokens = in.readInt();
        boolean truncated = in.readBoolean();
        float[] values = new float[dimensions];
        for (int i = 0; i < dimensions; i++) values[i] = in.readFloat();
        quantizing.embedded(id, Embedding.of(values, tokens, truncated));
    }

    /** The waiting results are gone. */
    @Override
    public void close() throws IOException {
        waiting.close();
    }
}
