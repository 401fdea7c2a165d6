package dev.mme5.search.index;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.fuzz.Fixtures;
import dev.mme5.fuzz.Scratch;
import dev.mme5.json.JsonReader;
import dev.mme5.weights.DType;
import dev.mme5.weights.SafetensorsWriter;
import dev.mme5.weights.Shape;
import dev.mme5.weights.TensorData;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;

/** Index files and journals are refused with their path, or hold one entry for each vector. */
class IndexFuzzTest {
    private static final EmbeddingModel MODEL = EmbeddingModel.open(Fixtures.model("a-bf16-hub"));
    private static final Scratch SCRATCH = new Scratch();
    private static final String HASH = "0123456789abcdef".repeat(4);

    static Stream<byte[]> lines() {
        String file = "{\"name\":\"n\",\"size\":3,\"modified\":0,\"sha256\":\"" + HASH + "\"}";
        String entry = "{\"id\":\"a\",\"kind\":\"image\",\"title\":\"t\",\"content\":\"" + HASH + "\",\"files\":[" + file + "]}\n";
        return Stream.of("\1" + entry, "\2" + entry + entry.replace("image", "text").replace("[" + file + "]", "[]"))
                .map(s -> s.getBytes(UTF_8));
    }

    /** The entries. The first byte is the number of vectors. */
    @MethodSource("lines")
    @FuzzTest
    void indexEntries(byte[] rowsAndLines) throws IOException {
        if (rowsAndLines.length == 0) return;
        int rows = rowsAndLines[0] & 7;
        byte[] lines = Arrays.copyOfRange(rowsAndLines, 1, rowsAndLines.length);
        Path file = index(rows, lines);
        open(file, rows);
    }

    /** A target that refuses its own seeds would test only the refusal. */
    @Test
    void seedsAreGoodIndexes() throws IOException {
        for (byte[] seed : lines().toList()) {
            try (IndexFile index = IndexFile.open(index(seed[0], Arrays.copyOfRange(seed, 1, seed.length)), MODEL)) {
                assertThat(index.size()).isEqualTo(seed[0]);
            }
        }
    }

    static Stream<byte[]> files() throws IOException {
        return Stream.of(Files.readAllBytes(index(1, lines().findFirst().map(s -> Arrays.copyOfRange(s, 1, s.length)).orElseThrow())));
    }

    /** All bytes of the file. */
    @MethodSource("files")
    @FuzzTest
    void indexFile(byte[] file) {
        open(SCRATCH.put("raw.safetensors", file), -1);
    }

    static Stream<byte[]> records() {
        byte[] two = new byte[2 * 33];
        two[0] = 1;
        two[33] = 1;
        return Stream.of(two, new byte[] {0, 1, 2});
    }

    /** The journal of an unfinished run: records whose checksums are right or, where the input says so, wrong. */
    @MethodSource("records")
    @FuzzTest
    void journal(byte[] input) throws IOException {
        int recordBytes = 32 + 4 * MODEL.dimensions() + 1 + 4;
        ByteBuffer bytes = ByteBuffer.allocate(93 + (input.length / 33 + 1) * recordBytes).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put("mme5jrnl".getBytes(UTF_8)).put((byte) 2).put(MODEL.fingerprint().getBytes(UTF_8)).putInt(MODEL.dimensions()).putLong(1)
                .putLong(2);
        int offset = 0;
        for (; offset + 33 <= input.length; offset += 33) {
            int start = bytes.position();
            bytes.put(input, offset + 1, 32).putFloat(input[offset + 1]).position(start + recordBytes - 4);
            CRC32C crc = new CRC32C();
            crc.update(bytes.array(), start, recordBytes - 4);
            bytes.putInt((int) crc.getValue() ^ (input[offset] & 1 ^ 1));
        }
        bytes.put(input, offset, input.length - offset);
        SCRATCH.put("j.safetensors.partial", Arrays.copyOf(bytes.array(), bytes.position()));

        String key = HexFormat.of().formatHex(Arrays.copyOf(input, 32));
        try (IndexJournal journal = IndexJournal.open(SCRATCH.folder().resolve("j.safetensors"), MODEL.fingerprint(), MODEL.dimensions(),
                () -> {})) {
            float[] vector = new float[MODEL.dimensions()];
            vector[0] = 0.25f;
            Integer known = journal.row(key);
            int row = known == null ? journal.append(key, vector, false) : known;
            assertThat(journal.vector(row).remaining()).isEqualTo(4 * MODEL.dimensions());
            if (known == null) assertThat(journal.vector(row).getFloat(0)).isEqualTo(0.25f);
            for (offset = 0; offset + 33 <= input.length && (input[offset] & 1) == 1; offset += 33) {
                String recorded = HexFormat.of().formatHex(input, offset + 1, offset + 33);
                if (recorded.equals(key) && known == null) continue;
                assertThat(journal.vector(journal.row(recorded)).getFloat(0)).isEqualTo((float) input[offset + 1]);
            }
        }
    }

    private static Path index(int rows, byte[] lines) throws IOException {
        Path file = SCRATCH.folder().resolve("index.safetensors");
        if (!Files.exists(file)) file.toFile().deleteOnExit();
        new SafetensorsWriter()
                .metadata("format", "mme5-index").metadata("version", IndexFile.VERSION).metadata("model", "m")
                .metadata("fingerprint", MODEL.fingerprint())
                .add("embeddings", new float[rows * MODEL.dimensions()], rows, MODEL.dimensions())
                .add("codes", DType.U8, new Shape(rows, SignBits.rowBytes(MODEL.dimensions())),
                        TensorData.of(MemorySegment.ofArray(new byte[rows * SignBits.rowBytes(MODEL.dimensions())])))
                .add("documents", DType.U8, new Shape(lines.length), TensorData.of(MemorySegment.ofArray(lines)))
                .write(file);
        return file;
    }

    private static void open(Path file, int rows) {
        try (IndexFile index = IndexFile.open(file, MODEL)) {
            if (rows >= 0) assertThat(index.size()).isEqualTo(rows);
            assertThat(index.vectors().byteSize()).isEqualTo(4L * index.size() * MODEL.dimensions());
            for (IndexEntry entry : index.entries()) {
                assertThat(IndexEntry.fromJson(JsonReader.parseObject(entry.toJson().getBytes(UTF_8), "x"))).isEqualTo(entry);
            }
        } catch (IndexFileException refused) {
            assertThat(refused.getMessage()).contains(file.toString()).doesNotContain("\n");
        }
    }
}
