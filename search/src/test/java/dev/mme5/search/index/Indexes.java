package dev.mme5.search.index;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Options;
import dev.mme5.weights.DType;
import dev.mme5.weights.SafetensorsWriter;
import dev.mme5.weights.Shape;
import dev.mme5.weights.TensorData;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Writes index files for tests. */
public final class Indexes {
    private static final Path GOLDEN = Path.of("../engine/src/test/resources/golden");

    public static final Path MODEL = GOLDEN.resolve("models/a-bf16-hub");
    public static final Path IMAGES = GOLDEN.resolve("images");
    public static final int DIMENSIONS = 64;

    private Indexes() {}

    public static EmbeddingModel model(int threads) {
        return EmbeddingModel.open(MODEL, Options.defaults().withThreads(threads));
    }

    public static float[] randomUnitVector(Random random) {
        float[] vector = new float[DIMENSIONS];
        double squares = 0;
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] = (float) random.nextGaussian();
            squares += vector[i] * vector[i];
        }
        for (int i = 0; i < DIMENSIONS; i++) vector[i] /= (float) Math.sqrt(squares);
        return vector;
    }

    public static String line(int i) {
        return new IndexEntry("document " + i, "text", "", ContentKey.of(List.of("content " + i)), List.of(), false).toJson() + "\n";
    }

    public static String lines(int count) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < count; i++) lines.append(line(i));
        return lines.toString();
    }

    public static byte[] codes(List<float[]> vectors) {
        int columns = vectors.isEmpty() ? DIMENSIONS : vectors.getFirst().length;
        ByteBuffer codes = ByteBuffer.allocate(vectors.size() * SignBits.rowBytes(columns));
        for (float[] vector : vectors) SignBits.put(vector, codes);
        return codes.array();
    }

    /** An index file of this model with these vectors. */
    public static Path write(Path file, EmbeddingModel model, List<float[]> vectors) throws IOException {
        return write(file, model.fingerprint(), vectors, lines(vectors.size()));
    }

    public static Path write(Path file, String fingerprint, List<float[]> vectors, String lines) throws IOException {
        List<Float> all = new ArrayList<>();
        for (float[] vector : vectors) {
            for (float value : vector) all.add(value);
        }
        float[] values = new float[all.size()];
        for (int i = 0; i < values.length; i++) values[i] = all.get(i);
        int columns = vectors.isEmpty() ? DIMENSIONS : vectors.getFirst().length;
        byte[] documents = lines.getBytes(StandardCharsets.UTF_8);
        metadata(new SafetensorsWriter(), fingerprint)
                .add("embeddings", values, vectors.size(), columns)
                .add("codes", DType.U8, new Shape(vectors.size(), SignBits.rowBytes(columns)),
                        TensorData.of(MemorySegment.ofArray(codes(vectors))))
                .add("documents", DType.U8, new Shape(documents.length), TensorData.of(MemorySegment.ofArray(documents)))
                .write(file);
        return file;
    }

    public static SafetensorsWriter metadata(SafetensorsWriter writer, String fingerprint) {
        return writer.metadata("format", "mme5-index")
                .metadata("version", "2")
                .metadata("model", "another")
                .metadata("fingerprint", fingerprint);
    }
}
