package dev.mme5.search.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.search.index.IndexFileException.Problem;
import dev.mme5.weights.DType;
import dev.mme5.weights.SafetensorsWriter;
import dev.mme5.weights.Shape;
import dev.mme5.weights.TensorData;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Because an index file may come from anywhere, each problem is refused with one line that names it. */
class IndexFileTest {
    private static EmbeddingModel model;

    @TempDir
    Path folder;

    @BeforeAll
    static void open() {
        model = Indexes.model(1);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void readsEntriesAndVectors() throws IOException {
        Path file = Indexes.write(folder.resolve("i"), model, List.of(new float[64], new float[64]));

        try (IndexFile index = IndexFile.open(file, model)) {
            assertThat(index.entries()).extracting(IndexEntry::id).containsExactly("document 0", "document 1");
            assertThat(index.vectors().byteSize()).isEqualTo(2 * 64 * 4);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
        oops                                  | line 1: byte 0:
        {}                                    | line 1: files: missing
        {"files":[]}                          | line 1: content: missing
        {"files":[],"content":"12"}           | line 1: content: expected 64 hexadecimal digits
        {"files":[{}],"content":"12"}         | line 1: files[0].name: missing
        {"files":[{"name":"a","size":-1,"modified":1,"sha256":"0"}]} | line 1: files[0]: size is -1
        {"files":[{"name":"a","size":1,"modified":-1,"sha256":"0"}]} | line 1: files[0]: modified is -1
        {"files":[{"name":"a","size":1,"modified":1,"sha256":"0"}]}  | line 1: files[0]: sha256 is not 64 hexadecimal digits
        {"files":[],"content":"HASH","id":7}  | line 1: id: expected a string, found 7
        {"files":[],"content":"HASH","id":"a","kind":"sound","title":""}  | line 1: kind: expected image, text or mixed, found "sound"
        {"files":[],"content":"HASH","id":"a","kind":"text"}  | line 1: title: missing
        """)
    void lineThatIsNoEntryIsRefused(String line, String problem) throws IOException {
        String text = line.replace("HASH", "0".repeat(64)) + "\n";
        Path file = Indexes.write(folder.resolve("i"), model.fingerprint(), List.of(new float[64]), text);

        assertThatThrownBy(() -> IndexFile.open(file, model))
                .isInstanceOf(IndexFileException.class)
                .hasFieldOrPropertyWithValue("problem", Problem.DAMAGED)
                .hasMessageStartingWith(file + ": documents: " + problem)
                .hasMessageNotContaining("\n");
    }

    @Test
    void numberOfLinesMustBeThatOfVectors() throws IOException {
        Path more = Indexes.write(folder.resolve("more"), model.fingerprint(), List.of(new float[64]), Indexes.lines(2));
        Path fewer = Indexes.write(folder.resolve("fewer"), model.fingerprint(), List.of(new float[64], new float[64]), Indexes.lines(1));
        Path cut = Indexes.write(folder.resolve("cut"), model.fingerprint(), List.of(new float[64]), Indexes.line(0).strip());

        assertRefused(more, "documents: expected a line for each of 1 embeddings, found more");
        assertRefused(fewer, "documents: expected a line for each of 2 embeddings, found 1");
        assertRefused(cut, "documents: line 1: does not end");
    }

    @Test
    void wrongTensorTypesAndShapesAreRefused() throws IOException {
        byte[] line = Indexes.line(0).getBytes(StandardCharsets.UTF_8);
        TensorData lines = TensorData.of(MemorySegment.ofArray(line));
        TensorData code = TensorData.of(MemorySegment.ofArray(new byte[8]));
        Path narrow = Indexes.write(folder.resolve("narrow"), model.fingerprint(), List.of(new float[63]), Indexes.lines(1));
        Path flat = folder.resolve("flat");
        head().add("embeddings", new float[64], 64).add("codes", DType.U8, new Shape(1, 8), code)
                .add("documents", DType.U8, new Shape(line.length), lines).write(flat);
        Path half = folder.resolve("half");
        head().add("embeddings", DType.F16, new float[64], 1, 64).add("codes", DType.U8, new Shape(1, 8), code)
                .add("documents", DType.U8, new Shape(line.length), lines).write(half);
        Path signed = folder.resolve("signed");
        head().add("embeddings", new float[64], 1, 64).add("codes", DType.U8, new Shape(1, 8), code)
                .add("documents", DType.I8, new Shape(line.length), lines).write(signed);
        Path longCodes = folder.resolve("long-codes");
        head().add("embeddings", new float[64], 1, 64)
                .add("codes", DType.U8, new Shape(1, 9), TensorData.of(MemorySegment.ofArray(new byte[9])))
                .add("documents", DType.U8, new Shape(line.length), lines).write(longCodes);
        Path single = folder.resolve("single");
        head().add("embeddings", new float[64], 1, 64).write(single);
        Path third = folder.resolve("third");
        head().add("embeddings", new float[64], 1, 64).add("codes", DType.U8, new Shape(1, 8), code)
                .add("documents", DType.U8, new Shape(line.length), lines)
                .add("more", new float[1], 1).write(third);

        assertRefused(narrow, "embeddings: expected F32 [documents, 64], found F32 [1, 63]");
        assertRefused(flat, "embeddings: expected F32 [documents, 64], found F32 [64]");
        assertRefused(half, "embeddings: expected F32 [documents, 64], found F16 [1, 64]");
        assertRefused(signed, "documents: expected U8 [bytes], found I8 [" + line.length + "]");
        assertRefused(single, "expected the tensors embeddings, codes and documents, found [embeddings]");
        assertRefused(third, "expected the tensors embeddings, codes and documents, found [embeddings, more, codes, documents]");
        assertRefused(longCodes, "codes: expected U8 [1, 8], found U8 [1, 9]");
    }

    @Test
    void indexOfAnotherModelIsRefusedNamingBoth() throws IOException {
        Path file = Indexes.write(folder.resolve("i"), "ab".repeat(32), List.of(new float[64]), Indexes.lines(1));

        assertThatThrownBy(() -> IndexFile.open(file, model)).hasMessage(file
                + ": was made with another model or other options: \"another\" (abababababab), not \"a-bf16-hub\" ("
                + model.fingerprint().substring(0, 12)
                + ")").hasFieldOrPropertyWithValue("problem", Problem.OTHER_MODEL);
    }

    @Test
    void indexOfAModelOfTheSameNameMayBeByAnotherVersion() throws IOException {
        Path file = folder.resolve("i");
        SafetensorsWriter head = head().metadata("fingerprint", "ab".repeat(32)).metadata("model", model.name());
        IndexOptions.of(model).forEach(head::metadata);
        head.add("embeddings", new float[0], 0, 64).write(file);

        assertThatThrownBy(() -> IndexFile.open(file, model)).hasMessage(file
                + ": was made with another model, or by another version of mme5: \"a-bf16-hub\" (abababababab), not \"a-bf16-hub\" ("
                + model.fingerprint().substring(0, 12)
                + ")").hasFieldOrPropertyWithValue("problem", Problem.OTHER_MODEL);
    }

    @Test
    void fileThatIsNoIndexIsRefusedAndNeverReplaced() throws IOException {
        Path file = folder.resolve("model.safetensors");
        new SafetensorsWriter().metadata("format", "pt").add("w", new float[64], 64).write(file);

        assertThatThrownBy(() -> IndexFile.open(file, model))
                .hasMessage(file + ": is not an index of mme5")
                .hasFieldOrPropertyWithValue("problem", Problem.NOT_OURS);
        assertThat(IndexFile.mayReplace(file)).isFalse();
    }

    @Test
    void metadataIsChecked() throws IOException {
        Path version = folder.resolve("version");
        head().metadata("version", "1").write(version);
        Path fingerprint = folder.resolve("fingerprint");
        head().metadata("fingerprint", "\u001b[2J").write(fingerprint);

        assertThatThrownBy(() -> IndexFile.open(version, model))
                .hasMessage(version + ": was written by another version of mme5")
                .hasFieldOrPropertyWithValue("problem", Problem.OTHER_VERSION);
        assertRefused(fingerprint, "fingerprint: expected 64 hexadecimal digits");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 100, 400, 512, 1000})
    void truncatedFileIsRefused(int bytes) throws IOException {
        Path file = Indexes.write(folder.resolve("i"), model, List.of(new float[64], new float[64], new float[64]));
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, Math.min(bytes, whole.length - 1)));

        assertThatThrownBy(() -> IndexFile.open(file, model))
                .isInstanceOf(IndexFileException.class)
                .hasFieldOrPropertyWithValue("problem", Problem.DAMAGED)
                .hasMessageStartingWith(file + ": ")
                .hasMessageNotContaining("\n");
    }

    @Test
    void changedHeaderByteIsHarmlessOrRefused() throws IOException {
        Path file = Indexes.write(folder.resolve("i"), model, List.of(new float[64]));
        byte[] whole = Files.readAllBytes(file);
        for (int offset = 0; offset < 8 + 300; offset++) {
            byte[] changed = whole.clone();
            changed[offset] ^= 0x15;
            Files.write(file, changed);
            try (IndexFile index = IndexFile.open(file, model)) {
                assertThat(index.size()).isEqualTo(1); // a byte of the model's name, say
            } catch (IndexFileException e) {
                assertThat(e.getMessage()).startsWith(file.toString()).doesNotContain("\n");
            }
        }
    }

    private static SafetensorsWriter head() {
        return Indexes.metadata(new SafetensorsWriter(), model.fingerprint());
    }

    private static void assertRefused(Path file, String problem) {
        assertThatThrownBy(() -> IndexFile.open(file, model)).isInstanceOf(IndexFileException.class)
                .hasFieldOrPropertyWithValue("problem", Problem.DAMAGED)
                .hasMessage(file + ": " + problem);
    }
}
