package dev.mme5.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against numpy and the formulas of sentence-transformers; {@code make_quantize.py} wrote the numbers. */
class QuantizedEmbeddingTest {
    private static final Path GOLDEN = Path.of("src/test/resources/quantize/quantize.json");

    static List<JsonObject> cases() {
        JsonArray all = JsonReader.readObject(GOLDEN).array("cases");
        List<JsonObject> cases = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) cases.add(all.object(i));
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void int8IsThatOfSentenceTransformers(JsonObject golden) {
        List<Embedding> embeddings = embeddings(golden, "embeddings");

        for (Embedding embedding : embeddings) {
            int row = embeddings.indexOf(embedding);
            assertThat(QuantizedEmbedding.int8(embedding, ranges(embeddings)).values())
                    .isEqualTo(golden.array("int8_own").array(row).integers());
            assertThat(QuantizedEmbedding.int8(embedding, ranges(embeddings(golden, "calibration"))).values())
                    .isEqualTo(golden.array("int8_calibrated").array(row).integers());
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void signsAreThoseOfSentenceTransformers(JsonObject golden) {
        List<Embedding> embeddings = embeddings(golden, "embeddings");

        for (int row = 0; row < embeddings.size(); row++) {
            QuantizedEmbedding binary = QuantizedEmbedding.binary(embeddings.get(row));
            QuantizedEmbedding ubinary = QuantizedEmbedding.ubinary(embeddings.get(row));
            assertThat(binary.values()).isEqualTo(golden.array("binary").array(row).integers());
            assertThat(ubinary.values()).isEqualTo(golden.array("ubinary").array(row).integers());
            assertThat(binary.bytes()).hasSize(Precision.BINARY.numbers(embeddings.get(row).dimensions()));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aCutVectorHasUnitLengthAgain(JsonObject golden) {
        List<Embedding> embeddings = embeddings(golden, "embeddings");

        for (int row = 0; row < embeddings.size(); row++) {
            Embedding cut = embeddings.get(row).cut(golden.integer("keep"));
            assertThat(cut.values()).isEqualTo(floats(golden.array("cut").array(row)));
            assertThat(cut.cosine(cut)).isCloseTo(1, org.assertj.core.api.Assertions.within(1e-6f));
        }
    }

    @Test
    void knownRangesAreTheSameAsFoundOnes() {
        Embedding embedding = Embedding.of(new float[] {-1, 0, 0.5f, 1}, 3, true);

        QuantizedEmbedding quantized =
                QuantizedEmbedding.int8(embedding,
                        Int8Ranges.of(new float[] {-0.5f, -0.5f, -0.5f, -0.5f}, new float[] {0.5f, 0.5f, 0.5f, 0.5f}));

        assertThat(quantized.values()).containsExactly(-128, -1, 126, 127); // 126: so rounds float32, in numpy too
        assertThat(quantized.tokens()).isEqualTo(3);
        assertThat(quantized.truncated()).isTrue();
        assertThat(quantized.precision()).isEqualTo(Precision.INT8);
    }

    @Test
    void distanceCountsTheDifferingSigns() {
        QuantizedEmbedding a = QuantizedEmbedding.binary(Embedding.of(new float[] {1, -1, 1, 1, 1, 1, 1, 1, 1}, 1, false));
        QuantizedEmbedding b = QuantizedEmbedding.binary(Embedding.of(new float[] {-1, 1, 1, 1, 1, 1, 1, 1, -1}, 1, false));

        assertThat(a.hammingDistance(b)).isEqualTo(3);
        assertThat(a.hammingDistance(a)).isZero();
        assertThat(a).isEqualTo(QuantizedEmbedding.binary(Embedding.of(new float[] {2, -2, 2, 2, 2, 2, 2, 2, 2}, 1, false)))
                .isNotEqualTo(b);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Embedding two = Embedding.of(new float[] {0, 1}, 1, false);
        Int8Ranges.Collector none = new Int8Ranges.Collector(2);
        Int8Ranges three = Int8Ranges.of(new float[3], new float[3]);

        assertThatThrownBy(none::ranges).hasMessage("no embeddings: int8 needs some to find its ranges");
        assertThatThrownBy(() -> none.add(new float[3])).hasMessage("expected 2 dimensions, found 3");
        assertThatThrownBy(() -> none.add(new float[] {0, Float.NaN})).hasMessage("expected finite numbers, found NaN");
        assertThatThrownBy(() -> QuantizedEmbedding.int8(two, three)).hasMessage("the ranges have 3 dimensions, the embedding 2");
        assertThatThrownBy(() -> Int8Ranges.of(new float[] {0, 2}, new float[] {1, 1}))
                .hasMessage("dimension 1: minimum is 2.0, maximum 1.0");
        assertThatThrownBy(() -> new Int8Ranges.Collector(-1)).hasMessage("dimensions is -1, expected at least 1");
        assertThatThrownBy(() -> Int8Ranges.of(new float[] {-3e38f}, new float[] {3e38f}))
                .hasMessage("dimension 0: from -3.0E38 to 3.0E38 is too far for float32");
        assertThatThrownBy(() -> two.cut(0)).hasMessage("dimensions is 0, expected 1 to 2");
        assertThatThrownBy(() -> two.cut(3)).hasMessage("dimensions is 3, expected 1 to 2");
        assertThatThrownBy(() -> QuantizedEmbedding.binary(two).hammingDistance(QuantizedEmbedding.ubinary(two)))
                .hasMessage(
                        "not two binary embeddings of the same kind: QuantizedEmbedding[BINARY, 1 bytes] "
                                + "and QuantizedEmbedding[UBINARY, 1 bytes]");
    }

    /** Nine signs and ten take two bytes each. */
    @Test
    void signsOfOtherDimensionsAreNotCompared() {
        QuantizedEmbedding nine = QuantizedEmbedding.binary(Embedding.of(new float[] {1, 1, 1, 1, 1, 1, 1, 1, 1}));
        QuantizedEmbedding ten = QuantizedEmbedding.binary(Embedding.of(new float[] {1, 1, 1, 1, 1, 1, 1, 1, 1, -1}));

        assertThat(nine.bytes()).isEqualTo(ten.bytes());
        assertThat(nine).isNotEqualTo(ten);
        assertThatThrownBy(() -> nine.hammingDistance(ten)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("dimensions differ: 9 and 10");
    }

    private static Int8Ranges ranges(List<Embedding> embeddings) {
        Int8Ranges.Collector collector = new Int8Ranges.Collector(embeddings.getFirst().dimensions());
        for (Embedding embedding : embeddings) collector.add(embedding.values());
        return collector.ranges();
    }

    private static List<Embedding> embeddings(JsonObject golden, String name) {
        JsonArray rows = golden.array(name);
        List<Embedding> embeddings = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) embeddings.add(Embedding.of(floats(rows.array(i)), 1, false));
        return embeddings;
    }

    private static float[] floats(JsonArray numbers) {
        float[] values = new float[numbers.size()];
        for (int i = 0; i < values.length; i++) values[i] = (float) numbers.number(i);
        return values;
    }
}
