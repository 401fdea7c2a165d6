package dev.mme5.cli.output;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.Plural;
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
 * Quantises to int8 by the ranges of the written vectors, as sentence-transformers does without a calibration set. All results are
 * kept in a temporary file until the last one is known.
 */
public final class Int8SpoolWriter implements ResultWriter {
    /** Fewer embeddings are worth a warning, as in sentence-transformers. */
    private static final int MIN_EMBEDDINGS = 100;

    private static final int BUFFER_BYTES = 1 << 16;

    private final ResultWriter target;
    private final int dimensions;
    private final CommandContext context;
    private final Int8Ranges.Collector ranges;
    private final FileChannel spool;
    private final DataOutputStream out;
    private long count;

    /** @param context for the warning about few vectors, or null */
    public Int8SpoolWriter(ResultWriter target, int dimensions, CommandContext context) throws IOException {
        this.target = target;
        this.dimensions = dimensions;
        this.context = context;
        this.ranges = new Int8Ranges.Collector(dimensions);
        this.spool = FileChannel.open(AtomicOutput.temporaryFile(), StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
                StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        this.out = new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(spool), BUFFER_BYTES));
    }

    @Override
    public void writeEmbedding(Json id, Embedding embedding) throws IOException {
        Embedding shortened = embedding.cut(dimensions);
        ranges.add(shortened.values());
        beginRecord(id, true);
        out.writeInt(shortened.tokens());
        out.writeBoolean(shortened.truncated());
        for (float value : shortened.values()) out.writeFloat(value);
    }

    @Override
    public void writeQuantized(Json id, QuantizedEmbedding embedding) {
        throw new IllegalStateException("cannot be quantised before the ranges are known");
    }

    @Override
    public void writeFailure(Json id, String error) throws IOException {
        beginRecord(id, false);
        writeString(error);
    }

    private void beginRecord(Json id, boolean embedded) throws IOException {
        count++;
        out.writeBoolean(embedded);
        writeString(new JsonWriter().value(id).toString());
    }

    private void writeString(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    @Override
    public void finish() throws IOException {
        if (context != null && ranges.count() > 0 && ranges.count() < MIN_EMBEDDINGS) {
            context.printMessage("the int8 ranges are those of %s; --calibration FILE takes them from more"
                    .formatted(Plural.of(ranges.count(), "vector")));
        }
        PrecisionWriter quantizing = new PrecisionWriter(target, dimensions, Precision.INT8, ranges.count() == 0 ? null : ranges.ranges());
        out.flush();
        spool.position(0);
        DataInputStream in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(spool), BUFFER_BYTES));
        for (long i = 0; i < count; i++) replay(in, quantizing);
        quantizing.finish();
    }

    private void replay(DataInputStream in, ResultWriter quantizing) throws IOException {
        boolean embedded = in.readBoolean();
        Json id = JsonReader.parse(in.readNBytes(in.readInt()), "id");
        if (!embedded) {
            quantizing.writeFailure(id, new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8));
            return;
        }
        int tokens = in.readInt();
        boolean truncated = in.readBoolean();
        float[] values = new float[dimensions];
        for (int i = 0; i < dimensions; i++) values[i] = in.readFloat();
        quantizing.writeEmbedding(id, Embedding.of(values, tokens, truncated));
    }

    /** Deletes the temporary file. */
    @Override
    public void close() throws IOException {
        spool.close();
    }
}
