package dev.mme5.server.api;

import dev.mme5.engine.Embedding;
import dev.mme5.engine.QuantizedEmbedding;
import dev.mme5.json.JsonWriter;
import dev.mme5.server.http.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The forms in which vectors are sent. */
enum Vectors {
    /** Numbers that read back exactly. */
    FLOAT(embedding -> new JsonWriter().value(embedding.values()).toString()),

    /** Little-endian floats. */
    BASE64(embedding -> '"' + base64(embedding.values()) + '"'),

    /**
     * One signed byte each: the vector scaled so that its largest number is 127 or -127. Cosines keep their meaning, dot products do not.
     */
    INT8(embedding -> ints(int8(embedding.values(), 0))),

    /** The same plus 128. */
    UINT8(embedding -> ints(int8(embedding.values(), 128))),

    /** Signs, eight in a signed byte. */
    BINARY(embedding -> ints(QuantizedEmbedding.binary(embedding).values())),

    /** Signs, eight in an unsigned byte. */
    UBINARY(embedding -> ints(QuantizedEmbedding.ubinary(embedding).values()));

    private final Function<Embedding, String> json;

    Vectors(Function<Embedding, String> json) {
        this.json = json;
    }

    /** The name in requests and answers. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws Problem when there is no form of that name among these */
    static Vectors labelled(String label, String param, List<Vectors> choices) {
        return choices.stream().filter(choice -> choice.label().equals(label)).findFirst().orElseThrow(() -> Problem.wrong(
                param, param + ": expected one of " + labels(choices)));
    }

    static List<String> labels(List<Vectors> choices) {
        return choices.stream().map(Vectors::label).toList();
    }

    String json(Embedding embedding) {
        return json.apply(embedding);
    }

    /** Writes an array of vectors, one after the other: all of them at once might not fit into the heap. */
    void writeAll(List<Embedding> embeddings, OutputStream out) throws IOException {
        out.write('[');
        for (int i = 0; i < embeddings.size(); i++) {
            if (i > 0) out.write(',');
            out.write(json(embeddings.get(i)).getBytes(StandardCharsets.ISO_8859_1));
        }
        out.write(']');
    }

    /**
     * The embeddings with so many numbers, of unit length.
     *
     * @param dimensions 0 for all
     * @throws Problem when the model has fewer
     */
    static List<Embedding> cut(List<Embedding> embeddings, int dimensions) {
        return embeddings.stream().map(embedding -> (dimensions == 0 ? embedding : embedding.cut(dimensions)).unit()).toList();
    }

    /** @throws Problem when the model has fewer dimensions; then nothing should be computed */
    static int checkDimensions(int dimensions, String param, int most) {
        if (dimensions < 1 || dimensions > most) {
            throw Problem.wrong(param, "%s: expected 1 to %d, found %d".formatted(param, most, dimensions));
        }
        return dimensions;
    }

    private static String base64(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) bytes.putFloat(value);
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    private static String ints(int[] values) {
        return new JsonWriter().value(values).toString();
    }

    private static int[] int8(float[] values, int offset) {
        float largest = 0;
        for (float value : values) largest = Math.max(largest, Math.abs(value));
        float scale = largest == 0 ? 0 : 127 / largest;
        int[] steps = new int[values.length];
        for (int i = 0; i < steps.length; i++) steps[i] = Math.clamp(Math.round(values[i] * scale), -127, 127) + offset;
        return steps;
    }
}
