package dev.mme5.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.cli.Cli.Ran;
import dev.mme5.engine.Embedding;
import dev.mme5.engine.Int8Ranges;
import dev.mme5.engine.QuantizedEmbedding;
import dev.mme5.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrecisionTest {
    private static final int NPY_HEADER = 128;
    private static final String[] TEXTS = {"a cat", "a dog", "une pomme", "eine rote Katze", "x"};

    @TempDir
    Path folder;

    @Test
    void float32IsTheDefault() {
        assertThat(embed("--precision", "float32").bytes()).isEqualTo(embed().bytes());
    }

    @Test
    void signsAreBytes() {
        List<Embedding> vectors = vectors(embed());
        List<JsonObject> binary = embed("--precision", "binary").json();
        List<JsonObject> ubinary = embed("--precision", "ubinary").json();

        for (int i = 0; i < TEXTS.length; i++) {
            assertThat(binary.get(i).array("embedding").integers()).isEqualTo(QuantizedEmbedding.binary(vectors.get(i)).values())
                    .hasSize(8);
            assertThat(ubinary.get(i).array("embedding").integers()).isEqualTo(QuantizedEmbedding.ubinary(vectors.get(i)).values());
            assertThat(ubinary.get(i).integer("tokens")).isEqualTo(vectors.get(i).tokens());
        }
    }

    @Test
    void int8TakesItsRangesFromTheRunAndSaysThatTheyAreFew() {
        Ran ran = embed("--precision", "int8");

        assertThat(quantized(ran)).isEqualTo(int8(vectors(embed()), vectors(embed())));
        assertThat(ran.err()).isEqualTo("mme5: the int8 ranges are those of 5 vectors; --calibration FILE takes them from more\n");
        assertThat(embed("--precision", "int8", "--quiet").err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"jsonl", "npy"})
    void int8TakesItsRangesFromAFile(String format) throws IOException {
        Path calibration = folder.resolve("calibration." + format);
        Ran floats = Cli.run("embed", "k", "l", "m", "--image", "/none.png", "n", "--output", calibration.toString(), "--format", format);
        assertThat(floats.status()).as(floats.err()).isEqualTo(1);   // its failed input is passed over

        Ran ran = embed("--precision", "int8", "--calibration", calibration.toString());

        assertThat(ran.err()).isEmpty();
        assertThat(quantized(ran)).isEqualTo(int8(vectors(embed()), vectors(Cli.run("embed", "k", "l", "m", "n"))));
    }

    @Test
    void twoRowsOfLeastAndLargestAreACalibrationToo() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (String value : new String[] {"-0.25", "0.5"}) {
            rows.append("{\"embedding\":[").append(String.join(",", java.util.Collections.nCopies(64, value))).append("]}\n\n");
        }
        Path file = Files.writeString(folder.resolve("ranges.jsonl"), rows);
        float[] least = new float[64];
        float[] largest = new float[64];
        Arrays.fill(least, -0.25f);
        Arrays.fill(largest, 0.5f);

        Ran ran = embed("--precision", "int8", "--calibration", file.toString());

        Int8Ranges ranges = Int8Ranges.of(least, largest);
        assertThat(quantized(ran))
                .isEqualTo(vectors(embed()).stream().map(v -> ints(QuantizedEmbedding.int8(v, ranges).values())).toList());
    }

    @Test
    void resultsOfAllKindsKeepTheirOrderWhileTheRangesAreFound() {
        Ran ran = new Cli()
                .stdin("{\"id\":\"ä\\\"\",\"text\":\"a\"}\noops\n{\"id\":null,\"text\":\"b\"}\n")
                .start("embed", "--precision", "int8", "--max-tokens", "1", "--input", "-");

        assertThat(ran.status()).as(ran.err()).isEqualTo(1);
        assertThat(ran.lines()).hasSize(3);
        assertThat(ran.lines().get(0)).startsWith("{\"id\":\"ä\\\"\",\"tokens\":1,\"truncated\":true,\"embedding\":[");
        assertThat(ran.lines().get(1)).startsWith("{\"id\":2,\"error\":\"line 2: ");
        assertThat(ran.lines().get(2)).startsWith("{\"id\":null,");
    }

    @Test
    void withoutAVectorThereAreOnlyFailures() {
        Ran ran = Cli.run("embed", "--precision", "int8", "--image", "/none.png");

        assertThat(ran.status()).as(ran.err()).isEqualTo(1);
        assertThat(ran.lines()).hasSize(1).first().asString().contains("error");
    }

    @ParameterizedTest
    @CsvSource({"int8, |i1, 64", "binary, |i1, 8", "ubinary, |u1, 8"})
    void npyHasTheTypeInItsHeader(String precision, String type, int numbers) {
        Ran ran = embed("--precision", precision, "--format", "npy", "--image", "/none.png");

        String header = new String(ran.bytes(), 10, NPY_HEADER - 10, StandardCharsets.US_ASCII);
        assertThat(header).startsWith("{'descr': '" + type + "', 'fortran_order': False, 'shape': (6, " + numbers + "), }");
        assertThat(ran.bytes()).hasSize(NPY_HEADER + 6 * numbers);
        byte[] failed = Arrays.copyOfRange(ran.bytes(), NPY_HEADER + 5 * numbers, NPY_HEADER + 6 * numbers);
        assertThat(failed).containsOnly(0);
        if (precision.equals("ubinary")) {
            assertThat(Arrays.copyOfRange(ran.bytes(), NPY_HEADER, NPY_HEADER + numbers))
                    .isEqualTo(QuantizedEmbedding.ubinary(vectors(embed()).getFirst()).bytes());
        }
    }

    @Test
    void csvHasAColumnForEachByte() {
        Ran ran = embed("--precision", "ubinary", "--format", "csv");

        assertThat(ran.lines().get(0)).isEqualTo("id,tokens,truncated,e0,e1,e2,e3,e4,e5,e6,e7");
        int[] values = QuantizedEmbedding.ubinary(vectors(embed()).getFirst()).values();
        assertThat(ran.lines().get(1)).endsWith(",false," + Arrays.toString(values).replaceAll("[\\[\\] ]", ""));
    }

    @Test
    void cutVectorsHaveUnitLengthAndAWarning() {
        Ran ran = embed("--dimensions", "24");

        List<Embedding> whole = vectors(embed());
        assertThat(vectors(ran)).isEqualTo(whole.stream().map(vector -> vector.cut(24)).toList());
        assertThat(ran.err())
                .isEqualTo(
                        "mme5: vectors are cut from 64 to 24 dimensions: expect worse matches, unless the model was trained for it "
                                + "(mmE5 and E5 were not)\n");
        assertThat(embed("--dimensions", "24", "--quiet").err()).isEmpty();
        assertThat(embed("--dimensions", "64").err()).isEmpty();
        assertThat(quantized(embed("--dimensions", "12", "--precision", "ubinary")))
                .isEqualTo(whole.stream().map(vector -> ints(QuantizedEmbedding.ubinary(vector.cut(12)).values())).toList());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        --dimensions 0                          | --dimensions is 0, expected at least 1 (see mme5 embed --help)
        --dimensions 65                         | --dimensions is 65, the model has 64 (see mme5 embed --help)
        --calibration x                         | --calibration is for --precision int8, not for float32 (see mme5 embed --help)
        --calibration x --precision binary      | --calibration is for --precision int8, not for binary (see mme5 embed --help)
        --precision int8 --calibration /        | /: is a folder, expected a file of embeddings
        --precision int8 --calibration /none    | /none: not found
        """)
    void wrongUseIsOneLine(String options, String message) {
        Ran ran = embed(options.split(" +"));

        assertThat(ran.err()).isEqualTo("mme5: " + message + "\n");
        assertThat(ran.status()).as(ran.err()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
        ''                                     | holds no embeddings
        version https://git-lfs.github.com/spec/v1 | is a git-lfs pointer and not the file itself: run git lfs pull in its folder
        oops                                   | line 1: byte 0: expected a value, found 'o'
        {"id":1}                               | line 1: embedding: missing
        {"embedding":[1,2]}                    | line 1: expected 64 dimensions, found 2
        {"embedding":[1,"x"]}                  | line 1: embedding[1]: expected a number, found "x"
        {"id":1,"error":"no"}                  | holds no embeddings
        """)
    void aFileThatHoldsNoEmbeddingsIsRefused(String content, String problem) throws IOException {
        assertRefused(content.getBytes(StandardCharsets.UTF_8), problem);
    }

    @Test
    void anArrayOfAnotherKindIsRefused() throws IOException {
        byte[] floats = Cli.run("embed", "a", "b", "--format", "npy").bytes();
        byte[] bytes = Cli.run("embed", "a", "b", "--format", "npy", "--precision", "binary").bytes();
        byte[] narrow = Cli.run("embed", "a", "b", "--format", "npy", "--dimensions", "32").bytes();

        String expected = "expected float32 [rows, 64] in C order, found \"{'descr': ";
        assertRefused(bytes, expected + "'|i1', 'fortran_order': False, 'shape': (2, 8), }\"");
        assertRefused(narrow, expected + "'<f4', 'fortran_order': False, 'shape': (2, 32), }\"");
        assertRefused(Arrays.copyOf(floats, floats.length - 1), "ends in row 1 of 2");
        assertRefused(Arrays.copyOf(floats, 8), "is not a NumPy file");
        ByteBuffer.wrap(floats).order(ByteOrder.LITTLE_ENDIAN).putFloat(NPY_HEADER + 4, Float.POSITIVE_INFINITY);
        assertRefused(floats, "row 0: expected finite numbers, found Infinity");
    }

    private void assertRefused(byte[] content, String problem) throws IOException {
        Path file = Files.write(folder.resolve("calibration"), content);

        Ran ran = embed("--precision", "int8", "--calibration", file.toString());

        assertThat(ran.err()).isEqualTo("mme5: " + file + ": " + problem + "\n");
        assertThat(ran.status()).as(ran.err()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
    }

    private static Ran embed(String... options) {
        List<String> line = new ArrayList<>(List.of("embed"));
        line.addAll(List.of(TEXTS));
        line.addAll(List.of(options));
        return Cli.run(line.toArray(String[]::new));
    }

    private static List<Embedding> vectors(Ran ran) {
        return ran.json().stream().map(line -> {
            float[] values = new float[line.array("embedding").size()];
            for (int i = 0; i < values.length; i++) values[i] = (float) line.array("embedding").number(i);
            return Embedding.of(values, line.integer("tokens"), line.bool("truncated"));
        }).toList();
    }

    private static List<List<Integer>> quantized(Ran ran) {
        return ran.json().stream().map(line -> ints(line.array("embedding").integers())).toList();
    }

    private static List<List<Integer>> int8(List<Embedding> vectors, List<Embedding> calibration) {
        Int8Ranges.Collector collector = new Int8Ranges.Collector(vectors.getFirst().dimensions());
        for (Embedding vector : calibration) collector.add(vector.values());
        return vectors.stream().map(vector -> ints(QuantizedEmbedding.int8(vector, collector.ranges()).values())).toList();
    }

    private static List<Integer> ints(int[] values) {
        return Arrays.stream(values).boxed().toList();
    }
}
