package dev.mme5.cli.output;

import dev.mme5.engine.Embedding;
import dev.mme5.engine.Precision;
import dev.mme5.engine.QuantizedEmbedding;
import dev.mme5.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * NumPy's format 1.0: float32, int8 or uint8 [inputs, numbers of a vector], little-endian. A failed input is a row of NaN, or of
 * zeros for integers.
 */
public final class NpyWriter implements ResultWriter {
    /** Fits any shape, so the number of rows can be written at the end. A multiple of 64, like NumPy's headers. */
    public static final int HEADER_BYTES = 128;

    private final PatchableOutput out;
    private final Precision precision;
    private final int numbers;
    private long rows;

    /**
     * @param out must be patchable
     * @param numbers number of columns of a vector
     * @param hasHeader whether the header is written already
     * @param rows number of rows that are written already
     */
    public NpyWriter(PatchableOutput out, Precision precision, int numbers, boolean hasHeader, long rows) throws IOException {
        this.out = out;
        this.precision = precision;
        this.numbers = numbers;
        this.rows = rows;
        if (!hasHeader) out.write(header());
    }

    @Override
    public void writeEmbedding(Json id, Embedding embedding) throws IOException {
        writeRow(embedding.values());
    }

    @Override
    public void writeQuantized(Json id, QuantizedEmbedding embedding) throws IOException {
        writeRow(embedding.bytes());
    }

    @Override
    public void writeFailure(Json id, String error) throws IOException {
        if (precision != Precision.FLOAT32) {
            writeRow(new byte[numbers]);
            return;
        }
        float[] none = new float[numbers];
        Arrays.fill(none, Float.NaN);
        writeRow(none);
    }

    @Override
    public void finish() throws IOException {
        out.patch(0, header());
    }

    private void writeRow(float[] values) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        writeRow(bytes.array());
    }

    private void writeRow(byte[] bytes) throws IOException {
        out.write(bytes);
        rows++;
    }

    /** Magic, version 1.0, length of the rest, and a Python dictionary padded with spaces up to its line feed. */
    private byte[] header() {
        String type = switch (precision) {
            case FLOAT32 -> "<f4";
            case INT8, BINARY -> "|i1";
            case UBINARY -> "|u1";
        };
        String dictionary = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + rows + ", " + numbers + "), }";
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        header.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII)).put((byte) 1).put((byte) 0);
        header.putShort((short) (HEADER_BYTES - header.position() - Short.BYTES));
        header.put(dictionary.getBytes(StandardCharsets.US_ASCII));
        Arrays.fill(header.array(), header.position(), HEADER_BYTES - 1, (byte) ' ');
        header.put(HEADER_BYTES - 1, (byte) '\n');
        return header.array();
    }
}
